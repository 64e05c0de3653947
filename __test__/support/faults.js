// @ts-check
'use strict'

const crypto = require('node:crypto')
const os = require('node:os')
const { setTimeout: sleep } = require('node:timers/promises')
const { machineFaults } = require('./machine-faults')

/**
 * Every fault that is driven, and what the caller gets: the one list behind `faults.test.js`, `docs/faults.md` and
 * `npm run soak -- --table`.
 *
 * @typedef {import('./fault-servers').FaultServers} FaultServers
 * @typedef {import('mockttp').RequestRuleBuilder} Rule
 * @typedef {{ error: 'ConfigurationError' | 'NetworkError' | 'AuthenticationError' | 'ServiceUnavailableError' | 'TimeoutError' | 'CredentialUnavailableError' |
 *   'ResourceExhaustedError', code: string,
 *   says: string, retryable: boolean, phase?: string, statusCode?: number, resource?: string }} ExpectedError
 * @typedef {object} Fault
 * @property {string} group
 * @property {string} fault in words
 * @property {(servers: FaultServers) => Promise<Record<string, string>> | Record<string, string>} [stage] makes the fault, and
 * says what the environment has to be for a call to meet it
 * @property {import('./machine-faults').Apart} [apart] a process of its own meets it, where that can be started
 * @property {() => string | false} [missing] why it cannot be made here, or false
 * @property {string} [scenario] in place of that: the case of crates/core/tests/scenarios that is this fault, on a paused clock
 * @property {ExpectedError | 'token'} gets
 * @property {number} [timeout] the call's own, in milliseconds
 * @property {number} [within] the error is promised that early
 * @property {number} [notBefore] what the service asked for is waited for
 */

/** The secret of every login, which every body repeats: no error may show it. */
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
 * Each rule answers once, the last one for ever. A tenant of its own keeps a fault's requests apart.
 * @param {((rule: Rule) => unknown)[]} rules
 * @returns {NonNullable<Fault['stage']>}
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
 * Sends these pieces after a request, each a while after the other; then ends, or stays silent.
 * @param {string[]} pieces
 * @param {{ pause?: number, stays?: boolean, options?: Parameters<FaultServers['tls']>[1] }} [how]
 * @returns {NonNullable<Fault['stage']>}
 */
const sent = (pieces, { pause = 20, stays = false, options } = {}) => async (servers) => {
  const port = await servers.tls(async (socket) => {
    for (const piece of pieces) {
      if (socket.destroyed) return
      socket.write(piece)
      await sleep(pause, undefined, { ref: false })
    }
    if (!stays) socket.end()
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

/** The login of a machine that has an identity, whose metadata service is at this port. @param {number} port */
const machine = (port) => ({ ARM_USE_MSI: 'true', ARM_CLIENT_SECRET: '', AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${port}` })

/** A name that no resolver is asked for, because a proxy stands before it. */
const behindProxy = 'https://login.invalid/'

/** @param {(socket: import('node:net').Socket) => void} act @param {string} [user] @returns {NonNullable<Fault['stage']>} */
const proxied = (act, user = '') => async ({ tcp }) => ({ AZURE_AUTHORITY_HOST: behindProxy, HTTPS_PROXY: `http://${user}127.0.0.1:${await tcp(act)}` })

/** @param {string} answer @param {string} [user] */
const proxyAnswers = (answer, user) => proxied((socket) => void socket.once('data', () => socket.end(answer)), user)

/** The same over TLS. @param {string} answer @returns {NonNullable<Fault['stage']>} */
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
  { fault: 'the name does not exist', stage: () => ({ AZURE_AUTHORITY_HOST: 'https://nowhere.invalid/' }), gets: network('dns', false, 'the name nowhere.invalid cannot be resolved'), within: 3000 },
  { fault: 'the resolver has no answer yet, three times', scenario: 'client-secret-name-is-not-resolved-yet', gets: 'token', notBefore: 2200 },
  { fault: 'the resolver has no answer', scenario: 'client-secret-name-is-not-resolved-for-long', gets: network('dns', true, 'cannot be resolved at this time'), within: 3400 },
  { fault: 'no server listens at the port', stage: () => authority(1), gets: network('connect', true, 'localhost:1 refuses the connection'), within: 1000 },
  { fault: 'the same, once', scenario: 'client-secret-host-refuses-the-connection-once', gets: 'token' },
  { fault: 'no server listens at the port, and the timeout is over a minute', scenario: 'client-secret-host-refuses-a-patient-caller', gets: network('connect', true, 'refused'), within: 1500 },
  { fault: 'the connection is accepted and closed', stage: async ({ tcp }) => authority(await tcp((socket) => void socket.end())), gets: network('tls', true, 'closed the connection during the TLS handshake'), within: 3000 },
  { fault: 'the connection is accepted and reset', stage: async ({ tcp }) => authority(await tcp((socket) => void socket.resetAndDestroy())), gets: network('tls', true, 'closed the connection during the TLS handshake'), within: 3000 },
  { fault: 'the connection is closed after the first bytes of TLS', stage: async ({ tcp }) => authority(await tcp((socket) => void socket.once('data', () => socket.end()))), gets: network('tls', true, 'closed the connection during the TLS handshake'), within: 3000 },
  { fault: 'the connection is accepted, then silence', stage: async ({ tcp }) => authority(await tcp((socket) => void socket.resume())), timeout: SOON, gets: late('tls', 'had not completed the TLS handshake') },
  { fault: 'plain HTTP at the port', stage: async ({ tcp }) => authority(await tcp((socket) => void socket.once('data', () => socket.end(head({}, '400 Bad Request'))))), gets: network('tls', false, 'its answer is not TLS'), within: 3000 },
  { fault: 'a server that speaks TLS 1.1 at most', stage: sent([], { options: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } }), gets: network('tls', false, 'it speaks neither TLS 1.2 nor TLS 1.3'), within: 3000 },
  { fault: 'a server that speaks TLS 1.2 only', stage: sent([head(whole) + tokenText], { options: { maxVersion: 'TLSv1.2' } }), gets: 'token' },
  { fault: 'a server that speaks TLS 1.3 only', stage: sent([head(whole) + tokenText], { options: { minVersion: 'TLSv1.3' } }), gets: 'token' },
  { fault: 'a certificate of an unknown authority', stage: (servers) => sent([], { options: { pair: servers.certificates.stranger } })(servers), gets: network('tls', false, '(issued by "A stranger") is not accepted: it was issued by an authority that is not trusted'), within: 1000 },
  { fault: 'a certificate of an authority that only has the name of a trusted one', stage: (servers) => sent([], { options: { pair: servers.certificates.namesake } })(servers), gets: network('tls', false, 'its issuer has the name of a trusted authority, but another key'), within: 1000 },
  { fault: 'a certificate that has expired', stage: (servers) => sent([], { options: { pair: servers.certificates.expired } })(servers), gets: network('tls', false, 'it has expired'), within: 1000 },
  { fault: 'a certificate with a common name only', stage: (servers) => sent([], { options: { pair: servers.certificates.nameless } })(servers), gets: network('tls', false, 'it has its name, "localhost", as a common name (CN) only'), within: 1000 },
  { fault: 'the certificate of an authority, which is itself trusted, as the server\'s', stage: (servers) => sent([head(whole) + tokenText], { options: { pair: servers.certificates.named } })(servers), gets: 'token' },
  { fault: 'the certificate of an authority, which is not trusted, as the server\'s', stage: (servers) => sent([], { options: { pair: servers.certificates.unnamed } })(servers), gets: network('tls', false, 'it is the certificate of a certificate authority, used as the server\'s'), within: 1000 },
  { fault: 'a certificate for another name', stage: (servers) => sent([], { options: { pair: servers.certificates.otherName } })(servers), gets: network('tls', false, 'it was issued for another host name'), within: 1000 },
])

const proxy = grouped('Proxy', [
  { fault: 'no server listens at the proxy', stage: () => ({ AZURE_AUTHORITY_HOST: behindProxy, HTTPS_PROXY: 'http://127.0.0.1:1' }), gets: network('proxy', true, 'the proxy http://127.0.0.1:1 (from HTTPS_PROXY) refuses the connection'), within: 1000 },
  { fault: 'no server listens at a SOCKS proxy', stage: () => ({ AZURE_AUTHORITY_HOST: behindProxy, HTTPS_PROXY: 'socks5h://127.0.0.1:1' }), gets: network('proxy', true, 'the proxy socks5h://127.0.0.1:1 (from HTTPS_PROXY) refuses the connection'), within: 1000 },
  { fault: 'the proxy demands a password', stage: proxyAnswers(head({ 'proxy-authenticate': 'Basic realm="x"', 'content-length': 0 }, '407 Proxy Authentication Required')), gets: network('proxy', false, 'demands a user and a password for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy refuses the user and password', stage: proxyAnswers(head({ 'proxy-authenticate': 'Basic realm="x"', 'content-length': 0 }, '407 Proxy Authentication Required'), `user:${MARKER}@`), gets: network('proxy', false, 'refused the user and password for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy takes logins of Windows only', stage: proxyAnswers(head({ 'proxy-authenticate': 'Negotiate', 'Proxy-Authenticate': 'NTLM', 'content-length': 0 }, '407 Proxy Authentication Required'), `user:${MARKER}@`), gets: network('proxy', false, 'demands a login by Negotiate, NTLM for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy is unavailable', stage: proxyAnswers(head({ 'content-length': 0 }, '503 Service Unavailable')), gets: network('proxy', true, 'does not connect to login.invalid: it answered with status 503'), within: 5000 },
  { fault: 'a proxy that speaks TLS is unavailable', stage: securedProxyAnswers(head({ 'content-length': 0 }, '503 Service Unavailable')), gets: network('proxy', true, 'does not connect to login.invalid: it answered with status 503'), within: 5000 },
  { fault: 'a proxy that speaks TLS takes logins of Windows only', stage: securedProxyAnswers(head({ 'proxy-authenticate': 'Negotiate', 'content-length': 0 }, '407 Proxy Authentication Required')), gets: network('proxy', false, 'demands a login by Negotiate for login.invalid (407)'), within: 3000 },
  { fault: 'the proxy forbids the host', stage: proxyAnswers(head({ 'content-length': 0 }, '403 Forbidden')), gets: network('proxy', false, 'does not connect to login.invalid: it answered with status 403'), within: 3000 },
  { fault: 'the proxy is not one', stage: proxyAnswers('220 mail.example ESMTP\r\n'), gets: network('proxy', false, 'does not connect to login.invalid'), within: 3000 },
  { fault: 'the proxy closes the connection', stage: proxied((socket) => void socket.once('data', () => socket.end())), gets: network('proxy', false, 'does not connect to login.invalid'), within: 3000 },
  { fault: 'the address of the proxy has a path', scenario: 'settings-proxy-address-has-more-than-a-host', gets: { error: 'ConfigurationError', code: 'ERR_CONFIGURATION', retryable: false, says: 'HTTPS_PROXY has a path' } },
  { fault: 'the proxy is silent', stage: proxied((socket) => void socket.resume()), timeout: SOON, gets: late('proxy', '(from HTTPS_PROXY) had not connected to login.invalid') },
  { fault: 'what is behind the proxy does not speak TLS', stage: proxied((socket) => void socket.once('data', () => { socket.write(head({}, '200 Connection established')); socket.once('data', () => socket.end('no TLS here')) })), gets: network('tls', false, 'no secure connection to login.invalid'), within: 3000 },
])

const request = grouped('Request', [
  { fault: 'the connection is closed after the request', stage: mocked((rule) => rule.thenCloseConnection()), gets: network('request', true, 'closed the connection'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'the connection is reset after the request', stage: mocked((rule) => rule.thenResetConnection()), gets: network('request', true, 'closed the connection'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'the same, once', stage: mocked((rule) => rule.thenResetConnection(), replies(200, TOKEN)), gets: 'token' },
  { fault: 'no answer', stage: mocked((rule) => rule.thenTimeout()), timeout: SOON, gets: late('request', 'had not answered') },
  { fault: 'something that is not HTTP', stage: sent(['SSH-2.0-OpenSSH_9.2\r\n\r\n']), gets: network('response', false, 'answered with something that is not HTTP') },
  { fault: 'an answer with 200 headers', stage: sent([head({ ...whole, ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, MARKER])) }) + tokenText]), gets: network('response', false, 'answered with something that is not HTTP') },
  { fault: 'an answer with a header of 1 MiB', stage: sent([head({ ...whole, 'x-long': 'x'.repeat(1 << 20) }) + tokenText]), gets: network('response', false, 'answered with something that is not HTTP') },
  { fault: 'headers without an end', stage: sent(['HTTP/1.1 200 OK\r\n', ...Array.from({ length: 40 }, () => `x-a: ${MARKER}\r\n`)], { stays: true }), timeout: SOON, gets: late('request', 'had not answered') },
])

const body = grouped('Answer', [
  { fault: 'a body that is cut off', stage: sent([head({ ...whole, 'content-length': tokenText.length + 9 }) + tokenText]), gets: network('response', true, 'closed the connection in the middle of its answer'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'a body that is longer than its length says', stage: sent([head({ ...whole, 'content-length': tokenText.length - 9 }) + tokenText]), gets: network('response', false, 'is not JSON') },
  { fault: 'chunks that are none', stage: sent([`${head({ ...json, 'transfer-encoding': 'chunked' })}zz\r\n${tokenText}`]), gets: network('response', true, 'closed the connection in the middle of its answer'), timeout: TWO_TRIES, within: 3000 },
  { fault: 'a body that comes slowly, in time', stage: sent([head(whole), tokenText.slice(0, 9), tokenText.slice(9, 30), tokenText.slice(30)], { pause: 100 }), gets: 'token' },
  { fault: 'a body that comes too slowly', stage: sent([head(whole), ...tokenText], { pause: 50 }), timeout: SOON, gets: late('response', 'had not finished its answer') },
  { fault: 'a body that stops', stage: sent([head(whole) + tokenText.slice(0, 30)], { stays: true }), timeout: SOON, gets: late('response', 'had not finished its answer') },
  { fault: 'a body of more than 1 MiB', stage: mocked(replies(200, `"${'x'.repeat(1 << 20)}"`)), gets: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'a body without an end', stage: sent([head({ ...json, 'transfer-encoding': 'chunked' }), ...Array.from({ length: 20 }, () => `10000\r\n${'x'.repeat(1 << 16)}\r\n`)], { stays: true, pause: 5 }), gets: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'interim answers without an end', stage: sent(Array.from({ length: 400 }, () => 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)), { pause: 1, stays: true }), gets: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'an empty body', stage: mocked(replies(200, '')), timeout: TWO_TRIES, gets: network('response', true, 'before the first byte'), within: 3000 },
  { fault: 'an empty body, once', scenario: 'client-secret-answered-by-no-byte', gets: 'token' },
  { fault: 'a length that is none', stage: sent([head({ ...json, 'content-length': -1 }) + tokenText]), gets: network('response', false, 'answered with something that is not HTTP'), within: 3000 },
  { fault: 'a length of 8 EiB', stage: sent([head({ ...json, 'content-length': '9223372036854775807' }) + tokenText]), gets: network('response', false, 'answered with more than 1048576 bytes'), within: 3000 },
  { fault: 'a refusal with the status of a success', scenario: 'client-secret-refused-with-the-status-of-a-success', gets: refused(200, false, 'AADSTS7000215') },
  { fault: 'JSON that is cut off', stage: mocked(replies(200, tokenText.slice(0, -20), json)), gets: network('response', false, 'is not JSON'), within: 3000 },
  { fault: 'a page', stage: mocked(replies(200, `<html>${MARKER}</html>`)), gets: network('response', false, 'is not JSON (status 200, text/html'), within: 3000 },
  { fault: 'a token in a body that is called a page', stage: mocked((rule) => rule.thenReply(200, tokenText, { 'content-type': 'text/html', 'content-length': String(tokenText.length) })), gets: 'token' },
  { fault: 'a body that is not JSON, and called JSON', stage: mocked(replies(200, `access_token=${MARKER}`, json)), gets: network('response', false, 'is not JSON (status 200, application/json'), within: 3000 },
  { fault: 'a redirection', stage: mocked(replies(307, '', { location: 'https://localhost:1/' })), gets: network('response', false, 'answered with status 307'), within: 3000 },
  { fault: 'no token', stage: mocked(replies(200, { ...TOKEN, access_token: undefined })), gets: network('response', false, 'has no access_token'), within: 3000 },
  { fault: 'a token that is not ASCII', stage: mocked(replies(200, { ...TOKEN, access_token: `${MARKER}ü` })), gets: network('response', false, 'characters that no header can carry'), within: 3000 },
  { fault: '`expires_in` 0', stage: mocked(replies(200, { ...TOKEN, expires_in: 0 })), gets: network('response', false, 'does not say when the token expires'), within: 3000 },
  { fault: '`expires_in` −1', stage: mocked(replies(200, { ...TOKEN, expires_in: -1 })), gets: network('response', false, 'does not say when the token expires'), within: 3000 },
  { fault: 'no `expires_in`', stage: mocked(replies(200, { ...TOKEN, expires_in: undefined })), gets: network('response', false, 'does not say when the token expires'), within: 3000 },
  { fault: '`expires_in` as a text', stage: mocked(replies(200, { ...TOKEN, expires_in: '3599' })), gets: 'token' },
  { fault: '`expires_in` of a million years', stage: mocked(replies(200, { ...TOKEN, expires_in: 3e13 })), gets: 'token' },
])

const status = grouped('Status', [
  { fault: '400 of Entra ID', stage: mocked(replies(400, REFUSAL)), gets: refused(400, false, 'refused the client secret'), within: 3000 },
  { fault: '401 of Entra ID', stage: mocked(replies(401, REFUSAL)), gets: refused(401, false, 'refused the client secret'), within: 3000 },
  { fault: '403 with a page', stage: mocked(replies(403, `<html>${MARKER}`)), gets: network('response', false, 'answered with status 403'), within: 3000 },
  { fault: '404 without a body', stage: mocked(replies(404, '')), gets: network('response', false, 'answered with status 404'), within: 3000 },
  { fault: '408 without a body', stage: mocked(replies(408, '')), gets: busy(408, 'answered with status 408'), timeout: TWO_TRIES, within: 3000 },
  { fault: '429 of Entra ID', stage: mocked(replies(429, BUSY)), gets: busy(429, 'gave no token'), timeout: TWO_TRIES, within: 3000 },
  { fault: '`temporarily_unavailable` with status 400, once', scenario: 'client-secret-transient-error-by-its-error', gets: 'token' },
  { fault: 'AADSTS90033 with status 400', scenario: 'client-secret-transient-error-for-long', gets: busy(400, 'AADSTS90033'), within: 3400 },
  { fault: 'a call before `Retry-After` has passed', scenario: 'client-secret-throttled-calls-fail-at-once', gets: busy(429, 'AADSTS90033'), within: 100 },
  { fault: '429 with `Retry-After: 30`, once', scenario: 'client-secret-waits-as-long-as-it-is-asked-to', gets: 'token', notBefore: 30_000 },
  { fault: '503 with a date 20 s ahead as `Retry-After`, once', scenario: 'client-secret-waits-until-it-is-asked-to', gets: 'token', notBefore: 20_000 },
  { fault: '`Retry-After` beyond the timeout', stage: mocked(replies(503, BUSY, { 'retry-after': '3600' })), timeout: 20_000, gets: busy(503, 'gave no token'), within: 3000 },
  { fault: '500 with a page', stage: mocked(replies(500, `<html>${MARKER}`)), gets: busy(500, 'answered with status 500'), timeout: TWO_TRIES, within: 3000 },
  { fault: '408, 429 and 503, each once', scenario: 'client-secret-is-asked-for-again', gets: 'token', notBefore: 2000 },
])

const trust = grouped('Trust', [
  { fault: '`SSL_CERT_FILE` that does not exist', stage: ({ mockAuthority }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, SSL_CERT_FILE: '/nowhere/roots.pem', NODE_EXTRA_CA_CERTS: '' }), gets: network('tls', false, 'SSL_CERT_FILE (/nowhere/roots.pem): '), within: 1000 },
  { fault: '`NODE_EXTRA_CA_CERTS` without a certificate', stage: ({ mockAuthority }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, NODE_EXTRA_CA_CERTS: __filename }), gets: network('tls', false, 'no certificate in it that can be used'), within: 1000 },
  { fault: '`NODE_EXTRA_CA_CERTS` in UTF-16', stage: ({ mockAuthority, utf16File }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, NODE_EXTRA_CA_CERTS: utf16File }), gets: network('tls', false, 'it is a text in UTF-16'), within: 1000 },
  { fault: '`SSL_CERT_FILE` that is a device', stage: ({ mockAuthority }) => ({ AZURE_AUTHORITY_HOST: mockAuthority, SSL_CERT_FILE: os.devNull, NODE_EXTRA_CA_CERTS: '' }), gets: network('tls', false, 'it is not a file'), within: 1000 },
])

const managedIdentity = grouped('Managed identity', [
  { fault: 'the metadata service\'s address refuses the connection', scenario: 'imds-does-not-exist', gets: unavailable('there is no managed identity here'), within: 3000 },
  { fault: 'something else at its address, in a chain', scenario: 'imds-is-another-clouds', gets: 'token', within: 100 },
  { fault: 'it stumbles after it was found, in a chain', scenario: 'imds-stumbles-after-its-probe', gets: network('request', true, 'reset') },
  { fault: 'its address refuses the connection after it has given a token, in a chain', scenario: 'imds-cannot-be-reached-after-it-has-given-a-token', gets: network('connect', true, 'refuses the connection') },
  { fault: 'no answer, in a chain', scenario: 'imds-probe-unanswered', gets: 'token', within: 1200 },
  { fault: 'no answer', stage: async ({ tcp }) => machine(await tcp((socket) => void socket.resume())), timeout: SOON, gets: late('request', 'had not answered') },
  { fault: 'the connection is closed after the request', stage: async ({ tcp }) => machine(await tcp((socket) => void socket.once('data', () => socket.end()))), timeout: TWO_TRIES, gets: network('request', true, 'closed the connection'), within: 3000 },
  { fault: '404, 410, 429, 500, 503 and 505, each once', scenario: 'imds-is-asked-again', gets: 'token', notBefore: 60_000 },
  { fault: '410, while it is updated, up to the timeout', scenario: 'imds-keeps-to-the-callers-time', gets: refused(410, true, 'being updated'), within: 2500 },
  { fault: '429, for ever', scenario: 'imds-gives-up-after-six-retries', gets: busy(429, 'Temporarily throttled'), notBefore: 60_000 },
  { fault: '429 with `Retry-After: 30`, once', scenario: 'imds-waits-as-long-as-it-is-asked-to', gets: 'token', notBefore: 30_000 },
  { fault: 'the machine has no identity', scenario: 'imds-without-an-identity', gets: unavailable('Identity not found') },
  { fault: 'the machine has another identity than the named one', scenario: 'imds-without-the-named-identity', gets: refused(400, false, 'Identity not found') },
  { fault: 'the resource is refused, in the default chain', scenario: 'default-chain-ends-with-a-resource-that-imds-refuses', gets: refused(400, false, 'AADSTS500011') },
  { fault: 'App Service refuses the resource in a form of its own', scenario: 'app-service-refuses-in-its-own-form', gets: refused(400, false, 'AADSTS500011') },
  { fault: 'the address of Azure Arc\'s agent refuses the connection', scenario: 'arc-is-not-there', gets: network('connect', true, 'Azure Arc\'s agent at localhost:40342 (IDENTITY_ENDPOINT) refuses the connection') },
  { fault: 'a page', scenario: 'imds-answers-with-a-page', gets: network('response', false, 'is not JSON') },
])

const tools = grouped('Developer tools', [
  { fault: 'az hangs', scenario: 'azure-cli-hangs', gets: late('program', 'within 10000 ms'), within: 10_100 },
  { fault: 'azd hangs', scenario: 'azure-developer-cli-hangs', gets: late('program', 'the Azure Developer CLI gave no token within 10000 ms'), within: 10_100 },
  { fault: 'PowerShell hangs', scenario: 'azure-powershell-hangs', gets: late('program', 'Azure PowerShell gave no token'), within: 10_100 },
  { fault: 'az is not installed', scenario: 'azure-cli-not-installed', gets: unavailable('the Azure CLI is not installed') },
  { fault: 'az is not logged in', scenario: 'azure-cli-not-logged-in', gets: unavailable('Run: az login') },
  { fault: 'az cannot be started, because there can be no further process', scenario: 'azure-cli-in-a-shortage-of-processes', gets: exhausted('the operating system starts no further process') },
  { fault: 'az is killed', scenario: 'azure-cli-is-killed', gets: exhausted('it was ended by SIGKILL') },
  { fault: 'az has no descriptor left, and says that it is not logged in', scenario: 'own-chain-ends-with-a-shortage-that-the-azure-cli-prints', gets: exhausted('too many files and connections are open') },
  { fault: 'az gets no answer, and says that it is not logged in', scenario: 'own-chain-ends-with-a-network-that-the-azure-cli-does-not-reach', gets: { ...failed('HTTPSConnectionPool'), retryable: true } },
  { fault: 'a policy refuses the token, and az says that its login is over', scenario: 'own-chain-ends-with-a-refusal-beside-a-login-that-is-over', gets: failed('A conditional access policy forbids it') },
  { fault: 'a command repeats what its variables hold', scenario: 'command-repeats-its-environment', gets: failed('db.example refuses ***') },
  { fault: 'az is not logged in, and repeats a variable', scenario: 'azure-cli-repeats-its-environment', gets: unavailable('no extension at ***') },
  { fault: 'az prints something that is no token', scenario: 'azure-cli-prints-garbage', gets: network('response', false, 'printed something that is not a token') },
  { fault: 'az prints without end', scenario: 'azure-cli-prints-too-much', gets: network('response', false, 'printed more than any token') },
])

const registry = grouped('Container registry', [
  { fault: 'it refuses the login', scenario: 'registry-refuses-the-login', gets: refused(401, false, 'refused the login (status 401)') },
  { fault: 'its firewall forbids the machine', scenario: 'registry-forbids-this-machine', gets: refused(403, false, 'refused the login (status 403)') },
  { fault: 'it is unavailable', scenario: 'registry-is-out-of-order', gets: busy(503, 'contoso.azurecr.io gave no token'), within: 3400 },
  { fault: '429 with `Retry-After: 5`, once', scenario: 'registry-limits-requests-once', gets: 'token', notBefore: 5000 },
  { fault: 'a page', scenario: 'registry-answers-with-a-page', gets: network('response', false, 'without a refresh_token that can be used (status 200') },
  { fault: 'a token that no header can carry', scenario: 'registry-answers-without-a-token', gets: network('response', false, 'without a refresh_token that can be used') },
  { fault: 'a redirection', scenario: 'registry-redirects', gets: network('response', false, 'answered with status 302 in place of a token') },
  { fault: 'no server listens at its address', scenario: 'registry-refuses-the-connection', gets: network('connect', true, 'refused') },
  { fault: 'the host is not a registry of the login\'s cloud', scenario: 'registry-is-none', gets: { error: 'ConfigurationError', code: 'ERR_CONFIGURATION', retryable: false, says: 'the host is not a container registry in the login\'s cloud' } },
])

const faults = [...grouped('Machine', [...machineFaults]), ...connection, ...proxy, ...trust, ...request, ...body, ...status, ...managedIdentity, ...tools, ...registry]

module.exports = { faults, MARKER }
