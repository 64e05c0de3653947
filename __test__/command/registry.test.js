// @ts-check
'use strict'

// docker's helper and a registry that stands in for one of Azure: under its real name, in a network of its own.

const assert = require('node:assert/strict')
const { test } = require('node:test')
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
  [200, '<html>'], [200, 'x'.repeat(70000)], [503, ''],
]
const asked = []

async function main() {
  const emulator = await startEmulator()
  const { certificate, privateKey, caCertificate } = await issueServerCertificate(['${REGISTRY}'])
  const server = https.createServer({ cert: certificate, key: privateKey }, respond).listen(443, '127.0.0.1')
  await once(server, 'listening')
  const ca = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'registry-')), 'ca.pem')
  fs.writeFileSync(ca, caCertificate + '\\n' + fs.readFileSync(emulator.environment().NODE_EXTRA_CA_CERTS))
  const environment = { PATH: process.env.PATH, ...emulator.environment(), NODE_EXTRA_CA_CERTS: ca }
  const ended = []
  for (const _ of answers) ended.push(await helper(environment))
  console.log(JSON.stringify({ asked, ended, tenantId: emulator.tenantId }))
  fs.rmSync(path.dirname(ca), { recursive: true })
  server.close()
  await emulator.close()
}

function respond(request, response) {
  let body = ''
  request.on('data', (part) => (body += part)).on('end', () => {
    const [status, text, headers] = answers[asked.length]
    asked.push({ url: request.url, method: request.method, type: request.headers['content-type'], form: Object.fromEntries(new URLSearchParams(body)) })
    response.writeHead(status, { connection: 'close', ...headers }).end(text)
  })
}

async function helper(env) {
  const child = spawn(process.execPath, ['js/command/docker-credential.js', 'get'], { env })
  let stdout = '', stderr = ''
  child.stdout.on('data', (part) => (stdout += part))
  child.stderr.on('data', (part) => (stderr += part))
  child.stdin.end('${REGISTRY}\\n')
  const [code] = await once(child, 'close')
  return { stdout, stderr, code }
}

main()
`

test('docker\'s helper exchanges a token for the registry\'s own, and shows nothing of an answer that is none', { skip: namespaceMissing() }, async () => {
  const { stdout, stderr, code } = await runInNamespace(SCRIPT, { hosts: [REGISTRY] })
  assert.equal(code, 0, stderr)
  const { asked, ended, tenantId } = JSON.parse(stdout)
  const [first] = asked
  const { access_token: token, ...form } = first.form
  assert.deepEqual({ ...first, form }, {
    url: '/oauth2/exchange', method: 'POST', type: 'application/x-www-form-urlencoded', form: { grant_type: 'access_token', service: REGISTRY, tenant: tenantId },
  })
  assert.match(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).aud, /^https:\/\/containerregistry\.azure\.net\/?$/)
  assert.deepEqual(ended[0], { stdout: `{"ServerURL":"${REGISTRY}","Username":"<token>","Secret":"the-registrys-token"}\n`, stderr: '', code: 0 })
  const failures = [/answered HTTP 302/, /refused the login \(HTTP 401\)/, /without refresh_token/, /the answer cannot be used/, /answered HTTP 503/]
  for (const [index, says] of failures.entries()) {
    assert.match(ended[index + 1].stdout, says)
    assert.deepEqual([ended[index + 1].stderr, ended[index + 1].code], ['', 1])
    assert.doesNotMatch(ended[index + 1].stdout, /eyJ|t0ken|<html>/)
  }
  assert.equal(asked.length, ended.length, 'a redirect is not followed')
})
