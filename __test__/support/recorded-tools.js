// @ts-check
'use strict'

// The output of the real tools. Sources: azure-cli-core's auth/util.py (az); the three forms of azd's errors,
// https://github.com/Azure/azure-dev/issues/7728; Az.Accounts' messages as issues of Azure/azure-powershell quote them, after the `ERROR:`
// of this package's script.

/** @typedef {import('./stand-in').Behaviour} Behaviour */

/**
 * @typedef {object} RecordedTool
 * @property {string} program
 * @property {'azureCli' | 'azureDeveloperCli' | 'azurePowerShell'} credential
 * @property {string} login the login command for a tenant
 * @property {Behaviour[]} tokens
 * @property {Behaviour[]} notLoggedIn
 * @property {Behaviour[]} expired
 * @property {Behaviour[]} wrongTenant
 */

/**
 * @param {string} tenant
 * @param {number} expiresOn seconds since the epoch
 * @returns {RecordedTool[]}
 */
function recordedTools(tenant, expiresOn) {
  return [az(tenant, expiresOn), azd(tenant, expiresOn), pwsh(tenant, expiresOn)]
}

/**
 * @param {string} tenant
 * @param {number} expiresOn
 * @returns {RecordedTool}
 */
function az(tenant, expiresOn) {
  const token = { accessToken: 'ey.tool.token', expiresOn: '2026-01-01 13:00:00.000000', expires_on: expiresOn }
  const stdout = JSON.stringify({ ...token, subscription: 's-1', tenant, tokenType: 'Bearer' })
  return {
    program: 'az',
    credential: 'azureCli',
    login: `az login --tenant ${tenant}`,
    tokens: [{ stdout }, { stdout, stderr: 'WARNING: You have 2 update(s) available. Consider updating your CLI installation.\n' }],
    notLoggedIn: [
      failing("ERROR: Please run 'az login' to setup account.\n"),
      failing("ERROR: Can't find token from MSAL cache.\nTo re-authenticate, please run:\naz login\n")
    ],
    expired: [
      failing(
        'ERROR: AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2025-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-01-01 00:00:00Z\n' +
          'Interactive authentication is needed. Please run:\naz login --scope https://management.azure.com//.default\n'
      )
    ],
    wrongTenant: [
      failing(
        `ERROR: AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-01-01 00:00:00Z\n` +
          'Interactive authentication is needed. Please run:\naz login\n'
      )
    ]
  }
}

/**
 * @param {string} tenant
 * @param {number} expiresOn
 * @returns {RecordedTool}
 */
function azd(tenant, expiresOn) {
  const stdout = JSON.stringify({ token: 'ey.tool.token', expiresOn: new Date(expiresOn * 1000).toISOString() })
  const notLoggedIn = 'not logged in, run `azd auth login` to login'
  const wrongTenant = `fetching token: failed to authenticate:\n(invalid_tenant) AADSTS90002: Tenant '${tenant}' not found. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-01-01 00:00:00Z\n`
  return {
    program: 'azd',
    credential: 'azureDeveloperCli',
    login: `azd auth login --tenant-id ${tenant}`,
    tokens: [{ stdout }, { stdout, stderr: message('WARNING: your version of azd is out of date, you have 1.23.5 and the latest version is 1.23.7\n') }],
    notLoggedIn: [failing(message(`\nERROR: ${notLoggedIn}\n`)), failing(error(notLoggedIn))],
    expired: [
      failing(
        message('\nERROR: fetching token: AADSTS700082: The refresh token has expired due to inactivity. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-01-01 00:00:00Z\n') +
          message('Suggestion: reauthentication required, run `azd auth login --scope https://management.azure.com//.default` to acquire a new token.\n')
      )
    ],
    wrongTenant: [failing(message(`\nERROR: ${wrongTenant}\n`)), failing(message('\n') + error(wrongTenant)), failing(error(wrongTenant))]
  }
}

/**
 * @param {string} tenant
 * @param {number} expiresOn
 * @returns {RecordedTool}
 */
function pwsh(tenant, expiresOn) {
  const stdout = JSON.stringify({ token: 'ey.tool.token', expiresOn, tenantId: tenant })
  const interaction = `Authentication failed against tenant ${tenant}. User interaction is required. This may be due to the conditional access policy settings such as multi-factor authentication (MFA). If you need to access subscriptions in that tenant, please rerun 'Connect-AzAccount' with additional parameter '-TenantId ${tenant}'.\n`
  return {
    program: 'pwsh',
    credential: 'azurePowerShell',
    login: `Connect-AzAccount -TenantId ${tenant}`,
    tokens: [{ stdout }, { stdout, stderr: 'WARNING: Upcoming breaking changes in the cmdlet \'Get-AzAccessToken\' :\n' }],
    notLoggedIn: [failing('ERROR: Run Connect-AzAccount to login.\n')],
    expired: [
      failing(
        'ERROR: Your Azure credentials have not been set up or have expired, please run Connect-AzAccount to set up your Azure credentials.\n' +
          'SharedTokenCacheCredential authentication unavailable. Token acquisition failed for user someone@contoso.example.\n'
      ),
      failing(`ERROR: ${interaction}`)
    ],
    wrongTenant: [failing(`ERROR: AADSTS90002: Tenant '${tenant}' not found.\nTrace ID: t-1\nCorrelation ID: c-1\n`)]
  }
}

/** @param {string} stderr @returns {Behaviour} */
function failing(stderr) {
  return { exit: 1, stderr }
}

/** A line of azd's console. @param {string} text */
function message(text) {
  return `${JSON.stringify({ type: 'consoleMessage', timestamp: '2026-01-01T00:00:00Z', data: { message: text } })}\n`
}

/** An error of azd since 1.23.7. @param {string} text */
function error(text) {
  const links = [{ title: 'azd auth login reference', url: 'https://learn.microsoft.com/azure/developer/azure-developer-cli/reference#azd-auth-login' }]
  return `${JSON.stringify({ error: text, links, message: 'Authentication with Azure failed.', suggestion: "Run 'azd auth login' to sign in again." })}\n`
}

module.exports = { recordedTools }
