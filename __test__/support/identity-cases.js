// @ts-check
'use strict'

// The table of cases that compares azure-client-token/identity with @azure/identity: the constructed object, its environment, and the call.
// Both packages must have the same outcome: class, name, codes and requests. If this package differs on purpose, the case says how, and
// why.

const construction = require('./identity-cases-construction')
const retries = require('./identity-cases-retries')
const { GRAPH, NOWHERE, OTHER_LOGINS, SCOPE, WHY, application, configurationError, ended, options, secretOf } = require('./identity-cases-common')

/**
 * @typedef {import('./identity-cases-common').Case} Case
 * @typedef {import('./identity-cases-common').Context} Context
 * @typedef {import('./identity-cases-common').Identity} Identity
 */

/** Applications that authenticate with Entra ID. @type {Case[]} */
const applicationCases = [
  { name: 'a secret', run: (i, c) => secretOf(i, c).getToken(SCOPE) },
  { name: 'a secret, scopes as a list', run: (i, c) => secretOf(i, c).getToken([GRAPH]) },
  { name: 'a secret, the authority of AZURE_AUTHORITY_HOST', environment: (c) => ({ AZURE_AUTHORITY_HOST: c.authorityHost }), run: (i, c) => new i.ClientSecretCredential(c.tenantId, c.clientId, c.clientSecret, { disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'a secret, an authority that ends with the tenant', run: (i, c) => secretOf(i, c, { authorityHost: c.authorityHost + c.tenantId }).getToken(SCOPE) },
  { name: 'a secret, with claims and CAE', run: (i, c) => secretOf(i, c).getToken(SCOPE, { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}', enableCae: true }) },
  { name: 'a secret, with CAE', run: (i, c) => secretOf(i, c).getToken(SCOPE, { enableCae: true }) },
  { name: 'a secret, asked twice', async run(i, c) { const credential = secretOf(i, c); await credential.getToken(SCOPE); return credential.getToken(SCOPE) } },
  { name: 'a secret, the second call has claims', async run(i, c) { const credential = secretOf(i, c); await credential.getToken(SCOPE); return credential.getToken(SCOPE, { claims: '{"access_token":{}}' }) } },
  { name: 'a secret, another tenant that is allowed', run: (i, c) => secretOf(i, c, { additionallyAllowedTenants: [c.otherTenantId] }).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'a secret, any tenant is allowed', run: (i, c) => secretOf(i, c, { additionallyAllowedTenants: ['*'] }).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'a secret, another tenant that is not allowed', run: (i, c) => secretOf(i, c).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'a secret, other tenants are switched off', environment: () => ({ AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: '1' }), run: (i, c) => secretOf(i, c).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'a secret, AZURE_ADDITIONALLY_ALLOWED_TENANTS is not its affair', environment: () => ({ AZURE_ADDITIONALLY_ALLOWED_TENANTS: '*' }), run: (i, c) => secretOf(i, c).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'a wrong secret', run: (i, c) => new i.ClientSecretCredential(c.tenantId, c.clientId, 'wrong', options(c)).getToken(SCOPE) },
  { name: 'an unknown client', run: (i, c) => new i.ClientSecretCredential(c.tenantId, NOWHERE, 'wrong', options(c)).getToken(SCOPE) },
  { name: 'an unknown tenant', run: (i, c) => new i.ClientSecretCredential(NOWHERE, c.clientId, c.clientSecret, options(c)).getToken(SCOPE), differs: { why: 'the original looks the tenant up before it asks for the token', ours: { codes: [90002] }, requests: true } },
  { name: 'two resources', run: (i, c) => secretOf(i, c).getToken([SCOPE, GRAPH]) },
  { name: 'a scope without .default', run: (i, c) => secretOf(i, c).getToken('https://graph.microsoft.com/User.Read') },
  { name: 'an empty scope', run: (i, c) => secretOf(i, c).getToken(''), differs: { why: WHY.setting, ours: configurationError } },
  { name: 'no scopes', run: (i, c) => secretOf(i, c).getToken([]), differs: { why: WHY.setting, ours: configurationError } },
  { name: 'undefined for scopes', run: (i, c) => secretOf(i, c).getToken(/** @type {any} */ (undefined)), differs: { why: 'an argument of a wrong type is a TypeError', ours: { class: 'TypeError', name: 'TypeError' } } },
  { name: 'nothing answers', run: (i, c) => secretOf(i, c, { authorityHost: c.closed }).getToken(SCOPE), differs: { why: WHY.outage, ours: { ...ended, statusCode: 0 } } },
  { name: 'Entra ID is unavailable', fault: { when: 'token', status: 400, body: { error: 'temporarily_unavailable', error_description: 'AADSTS90033: later', error_codes: [90033] } }, run: (i, c) => secretOf(i, c).getToken(SCOPE), differs: { why: WHY.outage, ours: { ...ended, statusCode: 400 }, requests: true } },
  { name: 'a call that is over before it begins', run: (i, c) => secretOf(i, c).getToken(SCOPE, { abortSignal: AbortSignal.abort() }), differs: { why: WHY.abort, ours: { class: 'DOMException', name: 'AbortError' }, requests: true } },
  { name: 'a proof of possession', run: (i, c) => secretOf(i, c).getToken(SCOPE, { proofOfPossessionOptions: { nonce: 'n', resourceRequestMethod: 'GET', resourceRequestUrl: 'https://a' } }), differs: { why: WHY.refused, ours: configurationError, requests: true } },
  { name: 'a certificate by its path', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, c.certificatePath, options(c)).getToken(SCOPE) },
  { name: 'a certificate by its path, as an object', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, { certificatePath: c.certificatePath }, options(c)).getToken(SCOPE) },
  { name: 'a certificate as text', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, { certificate: c.certificate }, options(c)).getToken(SCOPE) },
  { name: 'a certificate with its chain', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, c.certificatePath, options(c, { sendCertificateChain: true })).getToken(SCOPE) },
  { name: 'an encrypted key', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, { certificatePath: c.encryptedCertificatePath, certificatePassword: 'secret' }, options(c)).getToken(SCOPE) },
  { name: 'an encrypted key, a wrong password', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, { certificatePath: c.encryptedCertificatePath, certificatePassword: 'wrong' }, options(c)).getToken(SCOPE), differs: { why: WHY.setting, ours: configurationError } },
  { name: 'a certificate of an unknown client', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, NOWHERE, c.certificatePath, options(c)).getToken(SCOPE) },
  { name: 'no certificate there', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, '/nowhere/at-all.pem', options(c)).getToken(SCOPE), differs: { why: WHY.setting, ours: configurationError } },
  { name: 'no PEM there', run: (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, { certificate: 'nothing' }, options(c)).getToken(SCOPE), differs: { why: WHY.setting, ours: configurationError } },
  { name: 'an assertion', async run(i, c) { const assertion = await readText(c.tokenFile); return new i.ClientAssertionCredential(c.tenantId, c.clientId, async () => assertion, options(c)).getToken(SCOPE) } },
  { name: 'an assertion that is nonsense', run: (i, c) => new i.ClientAssertionCredential(c.tenantId, c.clientId, async () => 'nonsense', options(c)).getToken(SCOPE) },
  { name: 'an assertion that is empty', run: (i, c) => new i.ClientAssertionCredential(c.tenantId, c.clientId, async () => '', options(c)).getToken(SCOPE) },
  { name: 'an assertion that cannot be made', run: (i, c) => new i.ClientAssertionCredential(c.tenantId, c.clientId, async () => { throw new Error('mine') }, options(c)).getToken(SCOPE) },
  { name: 'on behalf of a user, with a secret', run: (i, c) => new i.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: c.clientId, clientSecret: c.clientSecret, userAssertionToken: c.userToken, ...options(c) }).getToken(SCOPE) },
  { name: 'on behalf of a user, with a certificate', run: (i, c) => new i.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: c.clientId, certificatePath: c.certificatePath, userAssertionToken: c.userToken, ...options(c) }).getToken(SCOPE) },
  { name: 'on behalf of a user, with an assertion', run: (i, c) => new i.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: c.clientId, getAssertion: () => readText(c.tokenFile), userAssertionToken: c.userToken, ...options(c) }).getToken(SCOPE) },
  { name: 'on behalf of no user', run: (i, c) => new i.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: c.clientId, clientSecret: c.clientSecret, userAssertionToken: 'no-token', ...options(c) }).getToken(SCOPE) },
]

/** Cases that depend on the environment. @type {Case[]} */
const environmentCases = [
  { name: 'the environment has nothing', run: (i, c) => new i.EnvironmentCredential(options(c)).getToken(SCOPE) },
  { name: 'the environment has a secret', environment: application, run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment lacks the tenant', environment: (c) => ({ ...application(c), AZURE_TENANT_ID: '' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment lacks the client', environment: (c) => ({ ...application(c), AZURE_CLIENT_ID: '' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment has a malformed tenant', environment: (c) => ({ ...application(c), AZURE_TENANT_ID: 'a b' }), run: (i) => void new i.EnvironmentCredential() },
  { name: 'the environment has a wrong secret', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: 'wrong' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment has a certificate', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: c.certificatePath }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment has an encrypted certificate', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: c.encryptedCertificatePath, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'secret' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment names a certificate that is not there', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere/at-all.pem' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment has a secret before a certificate', environment: (c) => ({ ...application(c), AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere/at-all.pem' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment has a user and a password', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_USERNAME: 'u', AZURE_PASSWORD: 'p' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE), differs: { why: 'no login of a user by a password: it is refused without a request', ours: { codes: [] }, requests: true } },
  { name: 'the environment has a user without a password', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_USERNAME: 'u' }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the environment allows another tenant', environment: (c) => ({ ...application(c), AZURE_ADDITIONALLY_ALLOWED_TENANTS: `${NOWHERE};${c.otherTenantId}` }), run: (i, c) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'the environment does not allow another tenant', environment: application, run: (i, c) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'the options allow another tenant', environment: application, run: (i, c) => new i.EnvironmentCredential({ disableInstanceDiscovery: true, additionallyAllowedTenants: ['*'] }).getToken(SCOPE, { tenantId: c.otherTenantId }) },
  { name: 'the environment is that of the construction', environment: application, async run(i) { const credential = new i.EnvironmentCredential({ disableInstanceDiscovery: true }); process.env.AZURE_CLIENT_SECRET = 'wrong'; return credential.getToken(SCOPE) } },
  { name: 'ARM_* of another tenant and PULUMI_CONFIG, with AZURE_*', environment: (c) => ({ ...OTHER_LOGINS, ...application(c) }), run: (i) => new i.EnvironmentCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'ARM_* of another tenant and PULUMI_CONFIG, without AZURE_*', environment: () => OTHER_LOGINS, run: (i, c) => new i.EnvironmentCredential(options(c)).getToken(SCOPE) },
  { name: 'ARM_* of another tenant and PULUMI_CONFIG, a secret as an option', environment: () => OTHER_LOGINS, run: (i, c) => secretOf(i, c).getToken(SCOPE) },
  { name: 'ARM_* of another tenant and PULUMI_CONFIG, the default chain', environment: (c) => ({ ...OTHER_LOGINS, ...application(c) }), run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'ARM_* of another tenant and PULUMI_CONFIG, a managed identity', environment: (c) => ({ ...OTHER_LOGINS, ...c.hosts.appService }), alone: true, run: (i) => new i.ManagedIdentityCredential().getToken(SCOPE) },
  { name: 'a workload by its options', run: (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId, tokenFilePath: c.tokenFile, ...options(c) }).getToken(SCOPE) },
  { name: 'a workload by its variables', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_FEDERATED_TOKEN_FILE: c.tokenFile }), run: (i) => new i.WorkloadIdentityCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'a workload whose file is not there', run: (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId, tokenFilePath: '/nowhere/at-all', ...options(c) }).getToken(SCOPE) },
  { name: 'a workload whose file is empty', run: (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId, tokenFilePath: c.emptyFile, ...options(c) }).getToken(SCOPE) },
  { name: 'a workload of another client', run: (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: NOWHERE, tokenFilePath: c.tokenFile, ...options(c) }).getToken(SCOPE) },
  { name: 'a workload, a proxy that is not set', run: (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId, tokenFilePath: c.tokenFile, enableAzureProxy: true, ...options(c) }).getToken(SCOPE) },
  { name: 'a workload, a proxy at http', environment: () => ({ AZURE_KUBERNETES_TOKEN_PROXY: 'http://localhost:1' }), run: (i, c) => void new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId, tokenFilePath: c.tokenFile, enableAzureProxy: true, ...options(c) }) },
  { name: 'a workload, a proxy with a query', environment: () => ({ AZURE_KUBERNETES_TOKEN_PROXY: 'https://localhost:1/?a=b' }), run: (i, c) => void new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId, tokenFilePath: c.tokenFile, enableAzureProxy: true, ...options(c) }) },
  { name: 'a pipeline', environment: (c) => ({ SYSTEM_OIDCREQUESTURI: c.azureDevops.requestUrl }), run: (i, c) => new i.AzurePipelinesCredential(c.tenantId, c.clientId, c.azureDevops.serviceConnectionId, c.azureDevops.accessToken, options(c)).getToken(SCOPE), differs: { why: 'the original asks for the assertion twice for one token', requests: true } },
]

/** @type {Case[]} */
const managedIdentityCases = aloneAll([
  ...(/** @type {const} */ (['imds', 'appService', 'cloudShell', 'azureMl'])).map((host) => ({
    name: `a managed identity: ${host}`, environment: (/** @type {Context} */ c) => c.hosts[host],
    run: (/** @type {Identity} */ i) => new i.ManagedIdentityCredential().getToken(SCOPE),
  })),
  ...(/** @type {const} */ (['imds', 'appService'])).map((host) => ({
    name: `a managed identity by its client id: ${host}`, environment: (/** @type {Context} */ c) => c.hosts[host],
    run: (/** @type {Identity} */ i, /** @type {Context} */ c) => new i.ManagedIdentityCredential(c.userAssigned).getToken(SCOPE),
  })),
  { name: 'a managed identity by an object', environment: (c) => c.hosts.imds, run: (i, c) => new i.ManagedIdentityCredential({ clientId: c.userAssigned }).getToken(SCOPE) },
  { name: 'a managed identity, a list of one scope', environment: (c) => c.hosts.imds, run: (i) => new i.ManagedIdentityCredential().getToken([SCOPE]) },
  { name: 'a managed identity, two scopes', environment: (c) => c.hosts.imds, run: (i) => new i.ManagedIdentityCredential().getToken([SCOPE, GRAPH]) },
  { name: 'a managed identity, a resource', environment: (c) => c.hosts.imds, run: (i) => new i.ManagedIdentityCredential().getToken('https://vault.azure.net') },
  { name: 'a managed identity that the host does not have', environment: (c) => c.hosts.imds, run: (i) => new i.ManagedIdentityCredential(NOWHERE).getToken(SCOPE), differs: { why: 'an identity that is named and refused ends a chain, so that no other takes its place', ours: { ...ended, statusCode: 400 } } },
  { name: 'a managed identity in Cloud Shell by an id', environment: (c) => c.hosts.cloudShell, run: (i) => void new i.ManagedIdentityCredential(NOWHERE) },
  { name: 'a managed identity in Service Fabric by an id', environment: () => ({ IDENTITY_ENDPOINT: 'https://localhost:1', IDENTITY_HEADER: 'h', IDENTITY_SERVER_THUMBPRINT: 't' }), run: (i) => void new i.ManagedIdentityCredential({ clientId: NOWHERE }) },
  { name: 'a managed identity in a pod', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_FEDERATED_TOKEN_FILE: c.tokenFile }), run: (i) => new i.ManagedIdentityCredential().getToken(SCOPE) },
  { name: 'a managed identity does not take another tenant', environment: (c) => c.hosts.appService, run: (i) => new i.ManagedIdentityCredential().getToken(SCOPE, { tenantId: NOWHERE }) },
])

const inAnHour = Math.floor(Date.now() / 1000) + 3600
const azToken = { stdout: JSON.stringify({ accessToken: 'ey.az.token', expiresOn: '2026-01-01 13:00:00.000000', expires_on: inAnHour, tenant: NOWHERE, tokenType: 'Bearer' }) }
const azdToken = { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn: new Date(inAnHour * 1000).toISOString() }) }
/** Also the answer to `az account show`: a stand-in prints the same for each command. */
const azAccount = { stdout: JSON.stringify({ ...JSON.parse(azToken.stdout), id: NOWHERE, name: 'mine', tenantId: NOWHERE, state: 'Enabled', isDefault: true, environmentName: 'AzureCloud', user: { name: 'anyone', type: 'user' } }) }
const azLogin = { stderr: "ERROR: Please run 'az login' to setup account.\n", exit: 1 }

/** @type {Case[]} */
const toolCases = [
  { name: 'az', tools: { az: azToken }, run: (i) => new i.AzureCliCredential().getToken(SCOPE) },
  { name: 'az, for a tenant', tools: { az: azToken }, run: (i) => new i.AzureCliCredential({ tenantId: NOWHERE }).getToken(SCOPE) },
  { name: 'az, for a subscription', tools: { az: azAccount }, run: (i) => new i.AzureCliCredential({ subscription: NOWHERE }).getToken(SCOPE), differs: { why: 'az is asked first which tenant the subscription is of', requests: true } },
  { name: 'az, for a tenant of the call', tools: { az: azToken }, run: (i) => new i.AzureCliCredential().getToken(SCOPE, { tenantId: NOWHERE }) },
  { name: 'az, for a tenant of the call that is not allowed', tools: { az: azToken }, run: (i, c) => new i.AzureCliCredential({ tenantId: NOWHERE }).getToken(SCOPE, { tenantId: c.tenantId }) },
  { name: 'az is not logged in', tools: { az: azLogin }, run: (i) => new i.AzureCliCredential().getToken(SCOPE) },
  { name: 'az is not installed', run: (i) => new i.AzureCliCredential().getToken(SCOPE) },
  { name: 'az fails', tools: { az: { stderr: 'ERROR: AADSTS50173: later\n', exit: 1 } }, run: (i) => new i.AzureCliCredential().getToken(SCOPE) },
  { name: 'az prints no JSON', tools: { az: { stdout: 'hello' } }, run: (i) => new i.AzureCliCredential().getToken(SCOPE) },
  { name: 'az takes too long', tools: { az: { ...azToken, seconds: 2 } }, run: (i) => new i.AzureCliCredential({ processTimeoutInMs: 300 }).getToken(SCOPE) },
  { name: 'az with claims', tools: { az: azToken }, run: (i) => new i.AzureCliCredential().getToken(SCOPE, { claims: '{"access_token":{}}' }) },
  { name: 'azd', tools: { azd: azdToken }, run: (i) => new i.AzureDeveloperCliCredential().getToken(SCOPE) },
  { name: 'azd, for a tenant', tools: { azd: azdToken }, run: (i) => new i.AzureDeveloperCliCredential({ tenantId: NOWHERE }).getToken(SCOPE) },
  { name: 'azd is not logged in', tools: { azd: { stderr: 'ERROR: not logged in, run `azd auth login` to login\n', exit: 1 } }, run: (i) => new i.AzureDeveloperCliCredential().getToken(SCOPE) },
  { name: 'azd is not installed', run: (i) => new i.AzureDeveloperCliCredential().getToken(SCOPE) },
  { name: 'azd fails', tools: { azd: { stderr: 'ERROR: something else\n', exit: 1 } }, run: (i) => new i.AzureDeveloperCliCredential().getToken(SCOPE) },
  { name: 'PowerShell is not installed', run: (i) => new i.AzurePowerShellCredential().getToken(SCOPE) },
]

/** @param {string} name @param {string} token */
const giving = (name, token) => ({ name, getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) })
/** @param {string} name */
const throwing = (name) => ({ getToken: async () => { throw Object.assign(new Error(`of ${name}`), { name }) } })

/** Chains, and the default chain. @type {Case[]} */
const chainCases = [
  { name: 'a chain of strangers: the first', run: (i) => new i.ChainedTokenCredential(giving('a', 'one'), giving('b', 'two')).getToken(SCOPE).then(({ token }) => token) },
  { name: 'a chain goes on at CredentialUnavailableError', run: (i) => new i.ChainedTokenCredential(throwing('CredentialUnavailableError'), giving('b', 'two')).getToken(SCOPE).then(({ token }) => token) },
  { name: 'a chain goes on at AuthenticationRequiredError', run: (i) => new i.ChainedTokenCredential(throwing('AuthenticationRequiredError'), giving('b', 'two')).getToken(SCOPE).then(({ token }) => token) },
  { name: 'a chain ends at AuthenticationError', run: (i) => new i.ChainedTokenCredential(throwing('AuthenticationError'), giving('b', 'two')).getToken(SCOPE) },
  { name: 'a chain ends at anything else', run: (i) => new i.ChainedTokenCredential(throwing('Mine'), giving('b', 'two')).getToken(SCOPE) },
  { name: 'a chain goes on past null', run: (i) => new i.ChainedTokenCredential({ getToken: async () => null }, giving('b', 'two')).getToken(SCOPE).then(({ token }) => token) },
  { name: 'a chain of null alone', run: (i) => new i.ChainedTokenCredential({ getToken: async () => null }).getToken(SCOPE) },
  { name: 'a chain of those that are unavailable', run: (i) => new i.ChainedTokenCredential(throwing('CredentialUnavailableError'), throwing('AuthenticationRequiredError')).getToken(SCOPE) },
  { name: 'a chain without members', run: (i) => new i.ChainedTokenCredential().getToken(SCOPE), differs: { why: WHY.crash, ours: { class: 'CredentialUnavailableError', name: 'CredentialUnavailableError' } } },
  { name: 'a chain past the environment', run: (i, c) => new i.ChainedTokenCredential(new i.EnvironmentCredential(options(c)), secretOf(i, c)).getToken(SCOPE) },
  { name: 'a chain past a wrong secret', run: (i, c) => new i.ChainedTokenCredential(new i.ClientSecretCredential(c.tenantId, c.clientId, 'wrong', options(c)), secretOf(i, c)).getToken(SCOPE) },
  { name: 'a chain ends at the environment\'s wrong secret', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: 'wrong' }), run: (i, c) => new i.ChainedTokenCredential(new i.EnvironmentCredential({ disableInstanceDiscovery: true }), secretOf(i, c)).getToken(SCOPE) },
  { name: 'the default chain: the environment', environment: application, run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the default chain: the environment is refused', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: 'wrong' }), tools: { az: azToken }, run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the default chain: a user and a password', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_USERNAME: 'u', AZURE_PASSWORD: 'p' }), tools: { az: azToken }, run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(SCOPE), differs: { why: 'no login of a user by a password: it is refused without a request', ours: { codes: [] }, requests: true } },
  { name: 'the default chain: a workload', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_FEDERATED_TOKEN_FILE: c.tokenFile }), run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'the default chain: a workload by an option', environment: (c) => ({ ...application(c), AZURE_CLIENT_SECRET: '', AZURE_CLIENT_ID: '', AZURE_FEDERATED_TOKEN_FILE: c.tokenFile }), run: (i, c) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true, workloadIdentityClientId: c.clientId }).getToken(SCOPE) },
  { name: 'the default chain: App Service', environment: (c) => c.hosts.appService, alone: true, run: (i) => new i.DefaultAzureCredential().getToken(SCOPE) },
  { name: 'the default chain: App Service, an identity by an option', environment: (c) => c.hosts.appService, alone: true, run: (i, c) => new i.DefaultAzureCredential({ managedIdentityClientId: c.userAssigned }).getToken(SCOPE) },
  { name: 'the default chain: App Service, an identity by AZURE_CLIENT_ID', environment: (c) => ({ ...c.hosts.appService, AZURE_CLIENT_ID: c.userAssigned }), alone: true, run: (i) => new i.DefaultAzureCredential().getToken(SCOPE) },
  { name: 'the default chain: IMDS is looked for', environment: (c) => c.hosts.imds, alone: true, run: (i) => new i.DefaultAzureCredential().getToken(SCOPE), differs: { why: 'the original does not look where AZURE_POD_IDENTITY_AUTHORITY_HOST is set', requests: true } },
  ...[
    ['az before azd', { az: azToken, azd: azdToken }], ['azd after az that is not logged in', { az: azLogin, azd: azdToken }],
    ['azd after az that fails', { az: { stderr: 'ERROR: AADSTS50173: later\n', exit: 1 }, azd: azdToken }], ['azd after az that prints no JSON', { az: { stdout: 'hello' }, azd: azdToken }],
  ].map(([name, tools]) => ({
    name: `the default chain of a developer: ${name}`, tools: /** @type {any} */ (tools), environment: () => ({ AZURE_TOKEN_CREDENTIALS: 'dev' }),
    run: (/** @type {Identity} */ i) => new i.DefaultAzureCredential().getToken(SCOPE),
  })),
  ...[' Dev ', 'AZURECLICREDENTIAL', 'azureDeveloperCliCredential'].map((value) => ({
    name: `AZURE_TOKEN_CREDENTIALS=${value}`, tools: { az: azToken, azd: azdToken }, environment: () => ({ AZURE_TOKEN_CREDENTIALS: value }),
    run: (/** @type {Identity} */ i) => new i.DefaultAzureCredential().getToken(SCOPE),
  })),
  { name: 'AZURE_TOKEN_CREDENTIALS=prod passes az over', environment: (c) => ({ ...c.hosts.appService, AZURE_TOKEN_CREDENTIALS: 'prod' }), tools: { az: azToken }, alone: true, run: (i) => new i.DefaultAzureCredential().getToken(SCOPE) },
  { name: 'AZURE_TOKEN_CREDENTIALS=environmentcredential', environment: (c) => ({ ...application(c), AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' }), run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(SCOPE) },
  { name: 'AZURE_TOKEN_CREDENTIALS=environmentcredential without one', environment: () => ({ AZURE_TOKEN_CREDENTIALS: 'environmentcredential' }), run: (i) => new i.DefaultAzureCredential().getToken(SCOPE) },
  { name: 'AZURE_TOKEN_CREDENTIALS=workloadidentitycredential without one', environment: () => ({ AZURE_TOKEN_CREDENTIALS: 'workloadidentitycredential' }), run: (i) => new i.DefaultAzureCredential().getToken(SCOPE), differs: { why: WHY.crash, ours: { class: 'AggregateAuthenticationError', name: 'AggregateAuthenticationError', errors: ['CredentialUnavailableError'] } } },
  { name: 'AZURE_TOKEN_CREDENTIALS=managedidentitycredential does not look for IMDS', environment: (c) => ({ ...c.hosts.imds, AZURE_TOKEN_CREDENTIALS: 'managedidentitycredential' }), alone: true, run: (i) => new i.DefaultAzureCredential().getToken(SCOPE) },
  { name: 'AZURE_TOKEN_CREDENTIALS=visualstudiocodecredential', environment: () => ({ AZURE_TOKEN_CREDENTIALS: 'visualstudiocodecredential' }), run: (i) => new i.DefaultAzureCredential().getToken(SCOPE), differs: { why: WHY.person, ours: { ...configurationError, errors: undefined } } },
  { name: 'AZURE_TOKEN_CREDENTIALS has no such name', environment: () => ({ AZURE_TOKEN_CREDENTIALS: 'no-such-credential' }), run: (i) => void new i.DefaultAzureCredential() },
  { name: 'the default chain has nothing', environment: () => ({ AZURE_TOKEN_CREDENTIALS: 'dev' }), run: (i) => new i.DefaultAzureCredential().getToken(SCOPE), differs: { why: WHY.silent, ours: { errors: Array(5).fill('CredentialUnavailableError') } } },
  { name: 'required variables that are there', environment: application, run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true, requiredEnvVars: ['AZURE_CLIENT_ID'] }).getToken(SCOPE) },
  { name: 'a token provider', run: async (i, c) => tokenOf(await i.getBearerTokenProvider(secretOf(i, c), SCOPE)()), differs: { why: WHY.challenge, requests: true } },
  { name: 'a token provider, called twice', async run(i, c) { const provide = i.getBearerTokenProvider(secretOf(i, c), SCOPE); return (await provide()) === (await provide()) }, differs: { why: WHY.challenge, requests: true } },
  { name: 'a token provider of a stranger keeps the token', async run(i) { let calls = 0; const provide = i.getBearerTokenProvider({ getToken: async () => ({ token: `t${++calls}`, expiresOnTimestamp: Date.now() + 3_600_000 }) }, SCOPE); return [await provide(), await provide(), calls] } },
  { name: 'a token provider of a stranger whose token has ended', async run(i) { let calls = 0; const provide = i.getBearerTokenProvider({ getToken: async () => ({ token: `t${++calls}`, expiresOnTimestamp: Date.now() - 1 }) }, SCOPE); await provide(); return provide() } },
  { name: 'a token provider of a stranger that fails', run: (i) => i.getBearerTokenProvider(throwing('Mine'), SCOPE)() },
]

/** @param {Case[]} those @returns {Case[]} */
function aloneAll(those) {
  return those.map((one) => ({ ...one, alone: true }))
}

/** @param {string} file */
async function readText(file) {
  return (await require('node:fs/promises').readFile(file, 'utf8')).trim()
}

/** @param {string} token */
function tokenOf(token) {
  return { token }
}

/** @type {Case[]} */
const cases = [
  ...construction.cases, ...applicationCases, ...environmentCases, ...managedIdentityCases, ...toolCases,
  ...chainCases, ...retries.cases,
]

module.exports = { cases }
