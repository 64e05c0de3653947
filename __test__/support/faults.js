// @ts-check
'use strict'

const crypto = require('node:crypto')
const os = require('node:os')
const { setTimeout: sleep } = require('node:timers/promises')
const { machineFaults } = require('./machine-faults')

/**
 * Every tested fault, and what the caller gets: the only list for `faults.test.js`, `docs/faults.md` and
 * `npm run soak -- --table`.
 *
 * @typedef {import('./fault-servers').FaultServers} FaultServers
 * @typedef {import('mockttp').RequestRuleBuilder} Rule
 * @typedef {{ error: 'ConfigurationError' | 'NetworkError' | 'AuthenticationError' | 'ServiceUnavailableError' | 'TimeoutError' | 'CredentialUnavailableError' |
 *   'ResourceExhaustedError', code: string,
 *   says: string, retryable: boolean, phase?: string, statusCode?: number, resource?: string }} ExpectedError
 * @typedef {object} Fault
 * @property {string} group
 * @property {string} fault its name
 * @property {(servers: FaultServers) => Promise<Record<string, string>> | Record<string, string>} [prepare] prepares the
 * fault, and returns the environment of a call that encounters it
 * @property {import('./machine-faults').OwnProcess} [ownProcess] starts a separate process that provokes it
 * @property {() => string | false} [missing] the reason to skip it here, or false
 * @property {string} [scenario] instead of these: the scenario in crates/core/tests/scenarios with this fault, on a paused clock
 * @property {ExpectedError | 'token'} expects
 * @property {number} [timeout] of the call, in milliseconds
 * @property {number} [within] the error comes within this time, in milliseconds
 * @property {number} [notBefore] the token does not come before this time, for which the service asked
 */

/** The secret of every login, which every body repeats: no error may contain it. */
const MARKER = 'marker-secret'
const TOKEN = { token_type: 'Bearer', access_token: `${MARKER}.token`, expires_in: 3599 }
const BUSY = { error: 'temporarily_unavailable', error_description: `AADSTS90033: busy, ${MARKER}`, error_codes: [90033] }
const REFUSAL = { error: 'invalid_client', error_description: `AADSTS7000215: ${MARKER}`, error_codes: [7000215] }
const SOON = 1000

/** Less than the two shortest waits of Entra ID's tries, 320 and 640 ms: a third try would end by the time limit. */
const TWO_TRIES = 900

/** @param {string} phase @param {boolean} retryable @param {string} says @returns {ExpectedError} */
const network = (phase, retryable, says) => ({ error: 'NetworkError', code: 'ERR_NETWORK', phase, retryable, says })
/** @param {number} statusCode @param {boolean} retryable @param {string} says @returns {ExpectedError} */
const refused = (statusCode, retryable, says) => ({ error: 'AuthenticationError', code: 'ERR_AUTHENTICATION', statusCode, retryable, says })
/** @param {number} statusCode @param {string} says @returns {ExpectedError} */
const busy = (statusCode, says) => ({ error: 'ServiceUnavailableError', code: 'ERR_SERVICE_UNAVAILABLE', statusCode, retryable: true, says })
/** @param {string} says @returns {ExpectedError} */
const exhausted = (says) => ({ error: 'ResourceExhaustedError', code: 'ERR_RESOURCE_EXHAUSTED', retryable: true, says })
/** @param {string} says @returns {ExpectedError} */
const failed = (says) => ({ error: 'AuthenticationError', code: 'ERR_AUTHENTICATION', retryable: false, says })
/** @param {string} phase @param {string} says @returns {ExpectedError} */
const late = (phase, says) => ({ error: 'TimeoutError', code: 'ERR_TIMEOUT', phase, retryable: true, says })

/** @param {number} port */
const authority = (port) => ({ AZURE_AUTHORITY_HOST: `https://localhost:${port}/` })

/**
 * Each rule answers once, the last one always. Each fault has its own tenant, which separates its requests.
 * @param {((rule: Rule) => unknown)[]} rules
 * @returns {NonNullable<Fault['prepare']>}
 */
const mocked = (...rules) => async ({ mock, mockAuthority }) => {
  const tenant = crypto.randomUUID()
  for (const [index, answer] of rules.entries()) {
    const rule = mock.forPost(`/${tenant}/oauth2/v2.0/token`)
    await answer(index < rules.length - 1 ? rule.once() : rule.always())
  }
  return { AZURE_AUTHORITY_HOST: mockAuthority, ARM_TENANT_ID: tenant }
}

/** @param {number} status @param {object | string} body @param {Record<string, string>} [headers] */
const replies = (status, body, headers = {}) => (/** @type {Rule} */ rule) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/html' : 'application/json'
  return rule.thenReply(status, text, { 'content-type': type, 'content-length': String(Buffer.byteLength(text)), ...headers })
}

/**
 * Sends these pieces after a request, with a pause after each; then ends the connection, or leaves it open.
 * @param {string[]} pieces
 * @param {{ pause?: number, staysOpen?: boolean, options?: Parameters<FaultServers['tls']>[1] }} [how]
 * @returns {NonNullable<Fault['prepare']>}
 */
const sent = (pieces, { pause = 20, staysOpen = false, options } = {}) => async (servers) => {
  const port = await servers.tls(async (socket) => {
    for (const piece of pieces) {
      if (socket.destroyed) return
      socket.write(piece)
      await sleep(pause, undefined, { ref: false })
    }
    if (!staysOpen) socket.end()
  }, options)
  return authority(port)
}

/** @param {Record<string, string | number>} headers @param {string} [status] */
const head = (headers, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`

const tokenText = JSON.stringify(TOKEN)
const json = { 'content-type': 'application/json' }
const whole = { ...json, 'content-length': tokenText.length, connection: 'close' }

/** @param {string} says @returns {ExpectedError} */
const unavailable = (says) => ({ error: 'CredentialUnavailableError', code: 'ERR_CREDENTIAL_UNAVAILABLE', retryable: false, says })

/** The login of a machine with a managed identity, whose metadata service is at this port. @param {number} port */
const machine = (port) => ({ ARM_USE_MSI: 'true', ARM_CLIENT_SECRET: '', AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${port}` })

/** A name that the client does not resolve, because it uses a proxy. */
const behindProxy = 'https://login.invalid/'

/** @param {(socket: import('node:net').Socket) => void} act @param {string} [user] @returns {NonNullable<Fault['prepare']>} */
const proxied = (act, user = '') => async ({ tcp }) => ({ AZURE_AUTHORITY_HOST: behindProxy, HTTPS_PROXY: `http://${user}127.0.0.1:${await tcp(act)}` })

/** @param {string} answer @param {string} [user] */
const proxyAnswers = (answer, user) => proxied((socket) => void socket.once('data', () => socket.end(answer)), user)

/** The same over TLS. @param {string} answer @returns {NonNullable<Fault['prepare']>} */
const securedProxyAnswers = (answer) => async ({ tls }) => ({
  AZURE_AUTHORITY_HOST: behindProxy,
  HTTPS_PROXY: `https://localhost:${await tls((socket) => void socket.end(answer))}`,
})

/**
 * @param {string} group
 * @param {Omit<Fault, 'group'>[]} rows
 * @returns {Fault[]}
 */
function grouped(group, rows) {
  return rows.map((row) => ({ group, ...row }))
}

const connection = grouped('Connection', [
  // The resolver refuses a name with an empty label itself, so that the row needs no DNS server.
  { fault: 'the name does not exist', prepare: () => ({ AZURE_AUTHORITY_HOST: 'https://nowhere..invalid/' }), expects: network('dns', false, 'the name nowhere..invalid cannot be resolved'), within: 3000 },
  { fault: 'the resolver fails temporarily, three times', scenario: 'client-secret-resolver-fails-at-first', expects: 'token', notBefore: 2200 },
  { fault: 'the resolver fails temporarily, without end', scenario: 'client-secret-resolver-fails-always', expects: network('dns', true, 'cannot be resolved at this time'), within: 3400 },
  { fault: 'no server listens at the port', prepare: () => authority(1), expects: network('connect', true, 'localhost:1 refuses the connection'), within: 1000 },
  { fault: 'no server listens at the port, once', scenario: 'client-secret-host-refuses-the-connection-once', expects: 'token' },
  { fault: 'no server listens at the port, with a timeout of more than a minute', scenario: 'client-secret-host-refuses-the-connection-with-a-long-timeout', expects: network('connect', true, 'refused'), within: 1500 },
  { fault: 'the server accepts and closes the connection', prepare: async ({ tcp }) => authority(await tcp((socket) => void socket.end())), expects: network('tls', true, 'closed the connection during the TLS handshake'), within: 3000 },
  { fault: 'the server accepts and resets the connection', prepare: async ({ tcp }) => authority(await tcp((socket) => void socket.resetAndDestroy())), expects: network('tls', true, 'closed the connection during the TLS handshake'), within: 3000 },
  { fault: 'the server closes the connection after the first bytes of TLS', prepare: async ({ tcp }) => authority(await tcp((socket) => void socket.once('data', () => socket.end()))), expects: network('tls', true, 'closed the connection during the TLS handshake'), within: 3000 },
  { fault: 'the server accepts the connection and sends nothing', prepare: async ({ tcp }) => authority(await tcp((socket) => void socket.resume())), timeout: SOON, expects: late('tls', 'had not completed the TLS handshake') },
  { fault: 'the server answers with plain HTTP', prepare: async ({ tcp }) => authority(await tcp((socket) => void socket.once('data', () => socket.end(head({}, '400 Bad Request'))))), expects: network('tls', false, 'its answer is not TLS'), within: 3000 },
  { fault: 'the server supports TLS 1.1 at most', prepare: sent([], { options: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } }), expects: network('tls', false, 'it speaks neither TLS 1.2 nor TLS 1.3'), within: 3000 },
  { fault: 'the server supports TLS 1.2 only', prepare: sent([head(whole) + tokenText], { options: { maxVersion: 'TLSv1.2' } }), expects: 'token' },
  { fault: 'the server supports TLS 1.3 only', prepare: sent([head(whole) + tokenText], { options: { minVersion: 'TLSv1.3' } }), expects: 'token' },
  { fault: 'the server\'s certificate is of an unknown authority', prepare: (servers) => sent([], { options: { pair: servers.certificates.unknown } })(servers), expects: network('tls', false, '(issued by "An unknown authority") is not accepted: it was issued by an authority that is not trusted'), within: 1000 },
  { fault: 'the server\'s certificate is of an authority that only has the name of a trusted one', prepare: (servers) => sent([], { options: { pair: servers.certificates.sameName } })(servers), expects: network('tls', false, 'its issuer has the name of a trusted authority, but another key'), within: 1000 },
  { fault: 'the server\'s certificate has expired', prepare: (servers) => sent([], { options: { pair: servers.certificates.expired } })(servers), expects: network('tls', false, 'it has expired'), within: 1000 },
  { fault: 'the server\'s certificate has only a common name', prepare: (servers) => sent([], { options: { pair: servers.certificates.commonNameOnly } })(servers), expects: network('tls', false, 'it has its name, "localhost", as a common name (CN) only'), within: 1000 },
  { fault: 'the server\'s certificate is an authority\'s, which is trusted', prepare: (servers) => sent([head(whole) + tokenText], { options: { pair: servers.certificates.trustedAuthority } })(servers), expects: 'token' },
  { fault: 'the server\'s certificate is an authority\'s, which is not trusted', prepare: (servers) => sent([], { options: { pair: servers.certificates.untrustedAuthority } })(servers), expects: network('tls', false, 'it is the certificate of a certificate authority, used as the server\'s'), within: 1000 },
  { fault: 'the server\'s certificate is for another name', prepare: (servers) => sent([], { options: { pair: servers.certificates.otherName } })(servers), expects: network('tls', false, 'it was issued for another host name'), within: 1000 },
])

const proxy = grouped('Proxy', [
  { fault: 'no server listens at the proxy\'s address', prepare: () => ({ AZURE_AUTHORITY_HOST: behindProxy, HTTPS_PROXY: 'http://127.0.0.1:1' }), expects: network('proxy', true, 'the proxy http://127.0.0.1:1 (from HTTPS_PROXY) refuses the connection'), within: 1000 },
  { fault: 'no server listens at a SOCKS proxy\'s address', prepare: () => ({ AZURE_AUTHORITY_HOST: behindProxy, HTTPS_PROXY: 'socks5h://127.0.0.1:1' }), expects: network('proxy', true, 'the proxy socks5h://127.0.0.1:1 (from HTTPS_PROXY) refuses the connection'), within: 1000 },
  { fault: 'the proxy requires a password', prepare: proxyAnswers(head({ 'proxy-authenticate': 'Basic realm="x"', 'content-length': 0 }, '407 Proxy Authentication Required')), expects: network('proxy', false, 'demands a user and a password for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy refuses the user and password', prepare: proxyAnswers(head({ 'proxy-authenticate': 'Basic realm="x"', 'content-length': 0 }, '407 Proxy Authentication Required'), `user:${MARKER}@`), expects: network('proxy', false, 'refused the user and password for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy accepts only Windows logins', prepare: proxyAnswers(head({ 'proxy-authenticate': 'Negotiate', 'Proxy-Authenticate': 'NTLM', 'content-length': 0 }, '407 Proxy Authentication Required'), `user:${MARKER}@`), expects: network('proxy', false, 'demands a login by Negotiate, NTLM for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy is unavailable', prepare: proxyAnswers(head({ 'content-length': 0 }, '503 Service Unavailable')), expects: network('proxy', true, 'does not connect to login.invalid: it answered with status 503'), within: 5000 },
  { fault: 'a proxy with TLS is unavailable', prepare: securedProxyAnswers(head({ 'content-length': 0 }, '503 Service Unavailable')), expects: network('proxy', true, 'does not connect to login.invalid: it answered with status 503'), within: 5000 },
  { fault: 'a proxy with TLS accepts only Windows logins', prepare: securedProxyAnswers(head({ 'proxy-authenticate': 'Negotiate', 'content-length': 0 }, '407 Proxy Authentication Required')), expects: network('proxy', false, 'demands a login by Negotiate for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy forbids the host', prepare: proxyAnswers(head({ 'content-length': 0 }, '403 Forbidden')), expects: network('proxy', false, 'does not connect to login.invalid: it answered with status 403'), within: 3000 },
  { fault: 'the server at the proxy\'s address is not a proxy', prepare: proxyAnswers('220 mail.example ESMTP\r\n'), expects: network('proxy', false, 'does not connect to login.invalid'), within: 3000 },
  { fault: 'the proxy closes the connection', prepare: proxied((socket) => void socket.once('data', () => socket.end())), expects: network('proxy', false, 'does not connect to login.invalid'), within: 3000 },
  { fault: 'the address of the proxy has a path', scenario: 'settings-proxy-address-has-a-path', expects: { error: 'ConfigurationError', code: 'ERR_CONFIGURATION', retryable: false, says: 'HTTPS_PROXY has a path' } },
  { fault: 'the proxy sends nothing', prepare: proxied((socket) => void socket.resume()), timeout: SOON, expects: late('proxy', '(from HTTPS_PROXY) had not connected to login.invalid') },
  { fault: 'the server behind the proxy does not support TLS', prepare: proxied((socket) => void socket.once('data', () => { socket.write(head({}, '200 Connection established')); socket.once('data', () => socket.end('no TLS here')) })), expects: network('tls', false, 'no secure connection to login.invalid'), within: 3000 },
])

const request = grouped('Request', [
  { fault: 'the connection is closed after the request', prepare: mocked((rule) => rule.thenCloseConnection()), expects: network('request', true, 'closed the connection'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'the connection is reset after the request', prepare: mocked((rule) => rule.thenResetConnection()), expects: network('request', true, 'closed the connection'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'the connection is reset after the request, once', prepare: mocked((rule) => rule.thenResetConnection(), replies(200, TOKEN)), expects: 'token' },
  { fault: 'no answer', prepare: mocked((rule) => rule.thenTimeout()), timeout: SOON, expects: late('request', 'had not answered') },
  { fault: 'the answer is not HTTP', prepare: sent(['SSH-2.0-OpenSSH_9.2\r\n\r\n']), expects: network('response', false, 'answered with something that is not HTTP') },
  { fault: 'the answer has 200 headers', prepare: sent([head({ ...whole, ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, MARKER])) }) + tokenText]), expects: network('response', false, 'answered with something that is not HTTP') },
  { fault: 'the answer has a header of 1 MiB', prepare: sent([head({ ...whole, 'x-long': 'x'.repeat(1 << 20) }) + tokenText]), expects: network('response', false, 'answered with something that is not HTTP') },
  { fault: 'the headers do not end', prepare: sent(['HTTP/1.1 200 OK\r\n', ...Array.from({ length: 40 }, () => `x-a: ${MARKER}\r\n`)], { staysOpen: true }), timeout: SOON, expects: late('request', 'had not answered') },
])

const body = grouped('Answer', [
  { fault: 'the body is truncated', prepare: sent([head({ ...whole, 'content-length': tokenText.length + 9 }) + tokenText]), expects: network('response', true, 'closed the connection in the middle of its answer'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'the body is longer than its declared length', prepare: sent([head({ ...whole, 'content-length': tokenText.length - 9 }) + tokenText]), expects: network('response', false, 'is not JSON') },
  { fault: 'the chunks are malformed', prepare: sent([`${head({ ...json, 'transfer-encoding': 'chunked' })}zz\r\n${tokenText}`]), expects: network('response', true, 'closed the connection in the middle of its answer'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'the body arrives slowly, within the timeout', prepare: sent([head(whole), tokenText.slice(0, 9), tokenText.slice(9, 30), tokenText.slice(30)], { pause: 100 }), expects: 'token' },
  { fault: 'the body arrives too slowly', prepare: sent([head(whole), ...tokenText], { pause: 50 }), timeout: SOON, expects: late('response', 'had not finished its answer') },
  { fault: 'the body stops', prepare: sent([head(whole) + tokenText.slice(0, 30)], { staysOpen: true }), timeout: SOON, expects: late('response', 'had not finished its answer') },
  { fault: 'the body has more than 1 MiB', prepare: mocked(replies(200, `"${'x'.repeat(1 << 20)}"`)), expects: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'the body does not end', prepare: sent([head({ ...json, 'transfer-encoding': 'chunked' }), ...Array.from({ length: 20 }, () => `10000\r\n${'x'.repeat(1 << 16)}\r\n`)], { staysOpen: true, pause: 5 }), expects: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'interim answers do not end', prepare: sent(Array.from({ length: 400 }, () => 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)), { pause: 1, staysOpen: true }), expects: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'the body is empty', prepare: mocked(replies(200, '')), timeout: TWO_TRIES, expects: network('response', true, 'before the first byte'), within: 3000 },
  { fault: 'the body is empty, once', scenario: 'client-secret-answered-with-no-byte-once', expects: 'token' },
  { fault: 'the declared length is malformed', prepare: sent([head({ ...json, 'content-length': -1 }) + tokenText]), expects: network('response', false, 'answered with something that is not HTTP'), within: 3000 },
  { fault: 'the declared length is 8 EiB', prepare: sent([head({ ...json, 'content-length': '9223372036854775807' }) + tokenText]), expects: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'a refusal with the status of a success', scenario: 'client-secret-refused-with-the-status-of-a-success', expects: refused(200, false, 'AADSTS7000215') },
  { fault: 'the JSON is truncated', prepare: mocked(replies(200, tokenText.slice(0, -20), json)), expects: network('response', false, 'is not JSON'), within: 3000 },
  { fault: 'an HTML page', prepare: mocked(replies(200, `<html>${MARKER}</html>`)), expects: network('response', false, 'is not JSON (status 200, text/html'), within: 3000 },
  { fault: 'a token with the content type of an HTML page', prepare: mocked((rule) => rule.thenReply(200, tokenText, { 'content-type': 'text/html', 'content-length': String(tokenText.length) })), expects: 'token' },
  { fault: 'a body that is not JSON, with the content type of JSON', prepare: mocked(replies(200, `access_token=${MARKER}`, json)), expects: network('response', false, 'is not JSON (status 200, application/json'), within: 3000 },
  { fault: 'a redirect', prepare: mocked(replies(307, '', { location: 'https://localhost:1/' })), expects: network('response', false, 'answered with status 307'), within: 3000 },
  { fault: 'no `access_token`', prepare: mocked(replies(200, { ...TOKEN, access_token: undefined })), expects: network('response', false, 'has no access_token'), within: 3000 },
  { fault: 'a token that is not ASCII', prepare: mocked(replies(200, { ...TOKEN, access_token: `${MARKER}ü` })), expects: network('response', false, 'characters that no header can carry'), within: 3000 },
  { fault: '`expires_in` 0', prepare: mocked(replies(200, { ...TOKEN, expires_in: 0 })), expects: network('response', false, 'does not say when the token expires'), within: 3000 },
  { fault: '`expires_in` −1', prepare: mocked(replies(200, { ...TOKEN, expires_in: -1 })), expects: network('response', false, 'does not say when the token expires'), within: 3000 },
  { fault: 'no `expires_in`', prepare: mocked(replies(200, { ...TOKEN, expires_in: undefined })), expects: network('response', false, 'does not say when the token expires'), within: 3000 },
  { fault: '`expires_in` as a string', prepare: mocked(replies(200, { ...TOKEN, expires_in: '3599' })), expects: 'token' },
  { fault: '`expires_in` of a million years', prepare: mocked(replies(200, { ...TOKEN, expires_in: 3e13 })), expects: 'token' },
])

const status = grouped('Status', [
  { fault: '400 of Entra ID', prepare: mocked(replies(400, REFUSAL)), expects: refused(400, false, 'refused the client secret'), within: 3000 },
  { fault: '401 of Entra ID', prepare: mocked(replies(401, REFUSAL)), expects: refused(401, false, 'refused the client secret'), within: 3000 },
  { fault: '403 with an HTML page', prepare: mocked(replies(403, `<html>${MARKER}`)), expects: network('response', false, 'answered with status 403'), within: 3000 },
  { fault: '404 without a body', prepare: mocked(replies(404, '')), expects: network('response', false, 'answered with status 404'), within: 3000 },
  { fault: '408 without a body', prepare: mocked(replies(408, '')), expects: busy(408, 'answered with status 408'), timeout: TWO_TRIES, within: 3000 },
  { fault: '429 of Entra ID', prepare: mocked(replies(429, BUSY)), expects: busy(429, 'gave no token'), timeout: TWO_TRIES, within: 3000 },
  { fault: '`temporarily_unavailable` with status 400, once', scenario: 'client-secret-transient-error-by-its-error', expects: 'token' },
  { fault: 'AADSTS90033 with status 400', scenario: 'client-secret-transient-error-always', expects: busy(400, 'AADSTS90033'), within: 3400 },
  { fault: 'a call before `Retry-After` has passed', scenario: 'client-secret-throttled-calls-fail-at-once', expects: busy(429, 'AADSTS90033'), within: 100 },
  { fault: '429 with `Retry-After: 30`, once', scenario: 'client-secret-waits-for-retry-after', expects: 'token', notBefore: 30_000 },
  { fault: '503 with a date 20 s ahead as `Retry-After`, once', scenario: 'client-secret-waits-for-a-retry-after-date', expects: 'token', notBefore: 20_000 },
  { fault: '`Retry-After` beyond the timeout', prepare: mocked(replies(503, BUSY, { 'retry-after': '3600' })), timeout: 20_000, expects: busy(503, 'gave no token'), within: 3000 },
  { fault: '500 with an HTML page', prepare: mocked(replies(500, `<html>${MARKER}`)), expects: busy(500, 'answered with status 500'), timeout: TWO_TRIES, within: 3000 },
  { fault: '408, 429 and 503, each once', scenario: 'client-secret-request-is-tried-again', expects: 'token', notBefore: 2000 },
])

const trust = grouped('Trust', [
  { fault: '`SSL_CERT_FILE` does not exist', prepare: ({ mockAuthority }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, SSL_CERT_FILE: '/nowhere/roots.pem', NODE_EXTRA_CA_CERTS: '' }), expects: network('tls', false, 'SSL_CERT_FILE (/nowhere/roots.pem): '), within: 1000 },
  { fault: '`NODE_EXTRA_CA_CERTS` contains no certificate', prepare: ({ mockAuthority }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, NODE_EXTRA_CA_CERTS: __filename }), expects: network('tls', false, 'no certificate in it that can be used'), within: 1000 },
  { fault: '`NODE_EXTRA_CA_CERTS` is in UTF-16', prepare: ({ mockAuthority, utf16File }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, NODE_EXTRA_CA_CERTS: utf16File }), expects: network('tls', false, 'it is a text in UTF-16'), within: 1000 },
  { fault: '`SSL_CERT_FILE` is a device', prepare: ({ mockAuthority }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, SSL_CERT_FILE: os.devNull, NODE_EXTRA_CA_CERTS: '' }), expects: network('tls', false, 'it is not a file'), within: 1000 },
])

const managedIdentity = grouped('Managed identity', [
  { fault: 'the metadata service\'s address refuses the connection', scenario: 'imds-refuses-the-connection', expects: unavailable('there is no managed identity here'), within: 3000 },
  { fault: 'another service at its address, in a chain', scenario: 'imds-of-another-cloud', expects: 'token', within: 100 },
  { fault: 'it resets the connection after a successful probe, in a chain', scenario: 'imds-resets-the-connection-after-its-probe', expects: network('request', true, 'reset') },
  { fault: 'its address refuses the connection after it has given a token, in a chain', scenario: 'imds-cannot-be-reached-after-it-has-given-a-token', expects: network('connect', true, 'refuses the connection') },
  { fault: 'no answer, in a chain', scenario: 'imds-probe-unanswered', expects: 'token', within: 1200 },
  { fault: 'no answer', prepare: async ({ tcp }) => machine(await tcp((socket) => void socket.resume())), timeout: SOON, expects: late('request', 'had not answered') },
  { fault: 'the connection is closed after the request', prepare: async ({ tcp }) => machine(await tcp((socket) => void socket.once('data', () => socket.end()))), timeout: TWO_TRIES, expects: network('request', true, 'closed the connection'), within: 3000 },
  { fault: '404, 410, 429, 500, 503 and 505, each once', scenario: 'imds-request-is-tried-again', expects: 'token', notBefore: 60_000 },
  { fault: '410 during an update, until the timeout', scenario: 'imds-retries-end-with-the-timeout', expects: refused(410, true, 'being updated'), within: 2500 },
  { fault: '429, without end', scenario: 'imds-gives-up-after-six-retries', expects: busy(429, 'Temporarily throttled'), notBefore: 60_000 },
  { fault: '429 with `Retry-After: 30`, once', scenario: 'imds-waits-for-retry-after', expects: 'token', notBefore: 30_000 },
  { fault: 'the machine has no identity', scenario: 'imds-without-an-identity', expects: unavailable('Identity not found') },
  { fault: 'the machine does not have the named identity', scenario: 'imds-without-the-named-identity', expects: refused(400, false, 'Identity not found') },
  { fault: 'it refuses the resource, in the default chain', scenario: 'default-chain-ends-with-a-resource-that-imds-refuses', expects: refused(400, false, 'AADSTS500011') },
  { fault: 'App Service refuses the resource in its own format', scenario: 'app-service-refuses-in-its-own-format', expects: refused(400, false, 'AADSTS500011') },
  { fault: 'the address of Azure Arc\'s agent refuses the connection', scenario: 'arc-refuses-the-connection', expects: network('connect', true, 'Azure Arc\'s agent at localhost:40342 (IDENTITY_ENDPOINT) refuses the connection') },
  { fault: 'an HTML page', scenario: 'imds-answers-with-an-html-page', expects: network('response', false, 'is not JSON') },
])

const tools = grouped('Developer tools', [
  { fault: 'az hangs', scenario: 'azure-cli-hangs', expects: late('program', 'within 10000 ms'), within: 10_100 },
  { fault: 'azd hangs', scenario: 'azure-developer-cli-hangs', expects: late('program', 'the Azure Developer CLI gave no token within 10000 ms'), within: 10_100 },
  { fault: 'PowerShell hangs', scenario: 'azure-powershell-hangs', expects: late('program', 'Azure PowerShell gave no token'), within: 10_100 },
  { fault: 'az is not installed', scenario: 'azure-cli-not-installed', expects: unavailable('the Azure CLI is not installed') },
  { fault: 'az is not logged in', scenario: 'azure-cli-not-logged-in', expects: unavailable('Run: az login') },
  { fault: 'the system starts no further process for az', scenario: 'azure-cli-in-a-shortage-of-processes', expects: exhausted('the operating system starts no further process') },
  { fault: 'az is killed', scenario: 'azure-cli-is-killed', expects: exhausted('it was ended by SIGKILL') },
  { fault: 'az has no free file descriptor, and reports that it is not logged in', scenario: 'own-chain-ends-with-a-shortage-that-the-azure-cli-prints', expects: exhausted('too many files and connections are open') },
  { fault: 'az cannot reach the network, and reports that it is not logged in', scenario: 'own-chain-ends-with-a-network-that-the-azure-cli-does-not-reach', expects: { ...failed('HTTPSConnectionPool'), retryable: true } },
  { fault: 'a policy refuses the token, and az reports that its login has expired', scenario: 'own-chain-ends-with-a-refusal-and-an-expired-login', expects: failed('A conditional access policy forbids it') },
  { fault: 'a command prints the value of a variable', scenario: 'command-repeats-its-environment', expects: failed('db.example refuses ***') },
  { fault: 'az is not logged in, and prints the value of a variable', scenario: 'azure-cli-repeats-its-environment', expects: unavailable('no extension at ***') },
  { fault: 'az prints something that is not a token', scenario: 'azure-cli-prints-garbage', expects: network('response', false, 'printed something that is not a token') },
  { fault: 'az prints more than 64 KiB', scenario: 'azure-cli-prints-too-much', expects: network('response', false, 'printed more than any token') },
])

const registry = grouped('Container registry', [
  { fault: 'it refuses the login', scenario: 'registry-refuses-the-login', expects: refused(401, false, 'refused the login (status 401)') },
  { fault: 'its firewall rejects the machine', scenario: 'registry-firewall-rejects-the-machine', expects: refused(403, false, 'refused the login (status 403)') },
  { fault: 'it is unavailable', scenario: 'registry-is-unavailable', expects: busy(503, 'contoso.azurecr.io gave no token'), within: 3400 },
  { fault: '429 with `Retry-After: 5`, once', scenario: 'registry-limits-requests-once', expects: 'token', notBefore: 5000 },
  { fault: 'an HTML page', scenario: 'registry-answers-with-an-html-page', expects: network('response', false, 'without a refresh_token that can be used (status 200') },
  { fault: 'a token with characters that are not allowed in a header', scenario: 'registry-answers-without-a-token', expects: network('response', false, 'without a refresh_token that can be used') },
  { fault: 'a redirect', scenario: 'registry-redirects', expects: network('response', false, 'answered with status 302 in place of a token') },
  { fault: 'no server listens at its address', scenario: 'registry-refuses-the-connection', expects: network('connect', true, 'refused') },
  { fault: 'the host is not a registry of the login\'s cloud', scenario: 'registry-host-is-not-a-registry', expects: { error: 'ConfigurationError', code: 'ERR_CONFIGURATION', retryable: false, says: 'the host is not a container registry in the login\'s cloud' } },
])

const faults = [...grouped('Machine', [...machineFaults]), ...connection, ...proxy, ...trust, ...request, ...body, ...status, ...managedIdentity, ...tools, ...registry]

module.exports = { faults, MARKER }
