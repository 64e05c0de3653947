// @ts-check
'use strict'

const { X509Certificate, createHash, randomUUID } = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { issueServerCertificate } = require('../../emulator/certificates')
const { errorBody } = require('../../emulator/errors')

/**
 * oidc-provider, a certified OpenID provider, in Entra ID's place: independent code that verifies the requests. This file adds the
 * thumbprint of the certificate, a limit for an assertion's lifetime, and AADSTS codes.
 *
 * @typedef {object} ProviderOptions
 * @property {string} tenantId
 * @property {string} clientId
 * @property {string} [clientSecret] the client's secret: either this
 * @property {string} [certificate] or the certificate with which it signs its assertions, PEM
 * @property {string} [tokenPath] of the token endpoint; default: Entra ID's
 *
 * @typedef {any} Context Koa's context; the package has no types
 */

const ACCESS_TOKEN_LIFETIME = 3599
const LONGEST_ASSERTION = 660
const SUFFIX = '/.default'

/** @param {ProviderOptions} options */
async function startOidcProvider(options) {
  const { tenantId, clientId, clientSecret } = options
  // The compiler does not resolve this specifier, because the package has no types.
  const { default: Provider, errors } = await import(/** @type {string} */ ('oidc-provider'))
  const provider = new Provider(`https://sts.windows.net/${tenantId}/`, await configuration(options, errors))
  /** @type {string | undefined} */
  let lastDetail
  provider.on('grant.error', (/** @type {Context} */ _context, /** @type {any} */ error) => {
    lastDetail = error.error_detail ?? error.error_description ?? error.message
  })
  provider.use(withEntraCodes(() => lastDetail))

  const tls = await issueServerCertificate()
  const server = https.createServer({ cert: tls.certificate, key: tls.privateKey }, provider.callback())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oidc-provider-'))
  const caFile = path.join(folder, 'ca.pem')
  fs.writeFileSync(caFile, tls.caCertificate)
  const authorityHost = `https://localhost:${port}/`

  return {
    authorityHost,
    caFile,
    caCertificate: tls.caCertificate,
    environment: () => ({
      AZURE_AUTHORITY_HOST: authorityHost,
      ARM_TENANT_ID: tenantId,
      ARM_CLIENT_ID: clientId,
      ...(clientSecret && { ARM_CLIENT_SECRET: clientSecret }),
      NODE_EXTRA_CA_CERTS: caFile
    }),
    /** The provider's reason for its last refusal. */
    lastGrantError: () => lastDetail,
    async close() {
      server.close()
      server.closeAllConnections()
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }
}

/**
 * @param {ProviderOptions} options
 * @param {any} errors the package's error classes
 */
async function configuration(options, errors) {
  return {
    routes: { token: options.tokenPath ?? `/${options.tenantId}/oauth2/v2.0/token` },
    clients: [await client(options)],
    jwks: { keys: [await signingKey()] },
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['PS256', 'RS256'] },
    scopes: [],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (/** @type {Context} */ context) => resourceOf(context.oidc.params.scope, errors),
        getResourceServerInfo: (/** @type {Context} */ context) => resourceServer(context.oidc.params.scope)
      }
    },
    assertJwtClientAuthClaimsAndHeader: assertionCheck(options.certificate, errors)
  }
}

/** @param {ProviderOptions} options */
async function client({ clientId, clientSecret, certificate }) {
  const common = { client_id: clientId, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }
  if (!certificate) return { ...common, client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_post' }
  const { exportJWK } = await import('jose')
  const jwks = { keys: [await exportJWK(new X509Certificate(certificate).publicKey)] }
  return { ...common, jwks, token_endpoint_auth_method: 'private_key_jwt' }
}

async function signingKey() {
  const { exportJWK, generateKeyPair } = await import('jose')
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomUUID() }
}

/**
 * @param {string | undefined} scope
 * @param {any} errors
 */
function resourceOf(scope, errors) {
  // The provider ignores unknown scopes, which Entra ID rejects.
  if (!scope?.endsWith(SUFFIX)) throw new errors.InvalidScope('the scope must end in /.default', scope)
  return scope.slice(0, -SUFFIX.length)
}

/** @param {string} scope */
function resourceServer(scope) {
  return { scope, accessTokenFormat: 'jwt', accessTokenTTL: ACCESS_TOKEN_LIFETIME, jwt: { sign: { alg: 'RS256' } } }
}

/**
 * @param {string | undefined} certificate
 * @param {any} errors
 */
function assertionCheck(certificate, errors) {
  const thumbprints = certificate === undefined ? {} : thumbprintsOf(certificate)
  return (/** @type {Context} */ _context, /** @type {any} */ claims, /** @type {any} */ header) => {
    const named = header.alg === 'RS256' ? 'x5t' : 'x5t#S256'
    const lifetime = claims.exp - Date.now() / 1000
    if (header[named] !== thumbprints[named]) throw new errors.InvalidClientAuth(`${named} does not name the certificate`)
    if (lifetime > LONGEST_ASSERTION) throw new errors.InvalidClientAuth('exp is too far in the future')
  }
}

/**
 * @param {string} certificate
 * @returns {Record<string, string>}
 */
function thumbprintsOf(certificate) {
  const { raw } = new X509Certificate(certificate)
  const of = (/** @type {string} */ algorithm) => createHash(algorithm).update(raw).digest('base64url')
  return { x5t: of('sha1'), 'x5t#S256': of('sha256') }
}

/** @param {() => string | undefined} lastDetail */
function withEntraCodes(lastDetail) {
  return async (/** @type {Context} */ context, /** @type {() => Promise<void>} */ next) => {
    await next()
    if (context.status < 400 || !context.body?.error) return
    const { error, error_description: description } = context.body
    const code = entraCode(error, lastDetail() ?? '', context.oidc?.params)
    const correlationId = context.get('client-request-id') || randomUUID()
    const message = `AADSTS${code}: ${description}.`
    context.body = errorBody({ error, code, message, origin: context.origin, correlationId })
  }
}

/**
 * @param {string} error
 * @param {string} detail
 * @param {Record<string, string> | undefined} parameters
 */
function entraCode(error, detail, parameters) {
  if (error === 'invalid_scope') return 70011
  if (error === 'unsupported_grant_type') return 70003
  if (error !== 'invalid_client') return 900144
  if (/client is invalid|client not found/.test(detail)) return 700016
  if (!parameters?.client_assertion) return 7000215
  if (/audience/.test(detail)) return 700023
  return /expired|exp |nbf|not active/.test(detail) ? 700024 : 700027
}

module.exports = { startOidcProvider }
