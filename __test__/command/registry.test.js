// @ts-check
'use strict'

// docker's helper with a stand-in for an Azure registry, under its real name, in a separate network namespace.

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { missingKeyring } = require('../support/keyring')
const { namespaceMissing, runInNamespace } = require('../support/namespace')

const REGISTRY = 'stand-in.azurecr.io'

/** Runs the helper once for each answer of the registry, and prints the requests and the outcomes. */
const SCRIPT = `
const fs = require('node:fs'), https = require('node:https'), os = require('node:os'), path = require('node:path')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { startEmulator } = require('./emulator')
const { issueServerCertificate } = require('./emulator/certificates')

const answers = [
  [200, '{"refresh_token":"the-registrys-token"}'], [302, '', { location: 'https://${REGISTRY}/elsewhere' }], [401, '{"errors":["t0ken"]}'],
  [200, '<html>'], [503, ''],
]
const asked = []
let run = 0

async function main() {
  const emulator = await startEmulator()
  const { certificate, privateKey, caCertificate } = await issueServerCertificate(['${REGISTRY}'])
  const server = https.createServer({ cert: certificate, key: privateKey }, respond).listen(443, '127.0.0.1')
  await once(server, 'listening')
  const ca = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'registry-')), 'ca.pem')
  fs.writeFileSync(ca, caCertificate + '\\n' + fs.readFileSync(emulator.environment().NODE_EXTRA_CA_CERTS))
  const environment = { PATH: process.env.PATH, ...emulator.environment(), NODE_EXTRA_CA_CERTS: ca }
  const kept = { ...environment, HOME: path.dirname(ca) }
  const twice = [await helper(kept), await helper(kept)]
  const exchanges = [asked.splice(0).length]
  await helper(kept, 'erase')
  twice.push(await helper(kept))
  exchanges.push(asked.splice(0).length)
  const ended = []
  for (run = 0; run < answers.length; run += 1) ended.push(await helper(environment))
  console.log(JSON.stringify({ twice, exchanges, asked, ended, tenantId: emulator.tenantId }))
  fs.rmSync(path.dirname(ca), { recursive: true })
  server.close()
  await emulator.close()
}

function respond(request, response) {
  let body = ''
  request.on('data', (part) => (body += part)).on('end', () => {
    const [status, text, headers] = answers[run]
    asked.push({ run, url: request.url, method: request.method, type: request.headers['content-type'], form: Object.fromEntries(new URLSearchParams(body)) })
    response.writeHead(status, { connection: 'close', ...headers }).end(text)
  })
}

async function helper(env, action = 'get') {
  const child = spawn(process.execPath, ['js/command/docker-credential.js', action], { env })
  let stdout = '', stderr = ''
  child.stdout.on('data', (part) => (stdout += part))
  child.stderr.on('data', (part) => (stderr += part))
  child.stdin.end('${REGISTRY}\\n')
  const [code] = await once(child, 'close')
  return { stdout, stderr, code }
}

main()
`

test('docker\'s helper exchanges a token for the registry\'s own, and shows nothing of an invalid answer', { skip: namespaceMissing() }, async () => {
  const { stdout, stderr, code } = await runInNamespace(SCRIPT, { hosts: [REGISTRY] })
  assert.equal(code, 0, stderr)
  const { twice, exchanges, asked, ended, tenantId } = JSON.parse(stdout)
  if (!missingKeyring()) assert.deepEqual(exchanges, [1, 1], 'two runs share one exchange, and another exchange follows an erase')
  for (const outcome of twice) assert.deepEqual(outcome, ended[0])
  const [{ run, ...first }] = asked
  const { access_token: token, ...form } = first.form
  assert.deepEqual({ ...first, form }, {
    url: '/oauth2/exchange', method: 'POST', type: 'application/x-www-form-urlencoded', form: { grant_type: 'access_token', service: REGISTRY, tenant: tenantId },
  })
  assert.match(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).aud, /^https:\/\/containerregistry\.azure\.net\/?$/)
  assert.deepEqual(ended[0], { stdout: `{"ServerURL":"${REGISTRY}","Username":"<token>","Secret":"the-registrys-token"}\n`, stderr: '', code: 0 })
  const failures = [/answered with status 302/, /refused the login \(status 401\)/, /without a refresh_token/, /unavailable \(status 503\)/]
  for (const [index, says] of failures.entries()) {
    assert.match(ended[index + 1].stdout, says)
    // docker reads the error from stdout, and shows stderr to the user.
    assert.deepEqual([ended[index + 1].stderr, ended[index + 1].code], [`docker-credential-azure-client-token: ${ended[index + 1].stdout}`, 1])
    assert.doesNotMatch(ended[index + 1].stdout, /eyJ|t0ken|<html>/)
  }
  const requests = ended.map((/** @type {unknown} */ _, /** @type {number} */ index) => asked.filter((/** @type {{ run: number }} */ { run }) => run === index).length)
  assert.deepEqual([run, ...requests], [0, 1, 1, 1, 1, 4], 'redirects are not followed, and an unavailable registry gets further tries')
})
