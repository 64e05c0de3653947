// @ts-check
'use strict'

// A stand-in for Azure DevOps with one repository, served by git's http-backend. It requires a token for Azure DevOps, as a bearer token or
// as a password.

const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { tokenVerifier } = require('../../support/resource-server')

const HOST = 'dev.azure.com'
const REPOSITORY = 'organisation/project/_git/hello'
const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798'
const projects = fs.mkdtempSync(path.join(os.tmpdir(), 'git-projects-'))

/** @type {{ scheme: string, user: string, audience?: string }[]} the logins so far */
const logins = []
const state = { isRefusing: false }

/** @param {import('../../../emulator').Emulator} emulator @returns {Promise<import('../sessions/set-up').Respond>} */
async function devops(emulator) {
  const verify = await tokenVerifier(emulator, DEVOPS)
  return async (request, body, response) => {
    const login = loginOf(request.headers.authorization)
    const claims = login && (await verify(login.token).catch(() => undefined))
    if (login) logins.push({ scheme: login.scheme, user: login.user, audience: claims?.aud })
    if (claims && !state.isRefusing) return backend(request, body, response)
    response.setHeader('www-authenticate', [`Bearer authorization_uri=https://login.windows.net/${emulator.tenantId}`, `Basic realm="https://${HOST}/"`])
    return response.writeHead(401).end()
  }
}

/** @param {string | undefined} header */
function loginOf(header) {
  const [scheme, value] = (header ?? '').split(' ')
  if (scheme === 'Bearer') return { scheme, user: '', token: value }
  if (scheme !== 'Basic') return undefined
  const [user, token] = Buffer.from(value, 'base64').toString().split(':')
  return { scheme, user, token }
}

/**
 * Runs git's http-backend, a CGI program (RFC 3875).
 * @param {import('node:http').IncomingMessage} request
 * @param {Buffer} body
 * @param {import('node:http').ServerResponse} response
 */
function backend({ url, method, headers }, body, response) {
  const { pathname, search } = new URL(String(url), `https://${HOST}`)
  const env = {
    PATH: process.env.PATH, GIT_PROJECT_ROOT: projects, GIT_HTTP_EXPORT_ALL: '1', REMOTE_USER: 'someone', REQUEST_METHOD: method, PATH_INFO: pathname, QUERY_STRING: search.slice(1),
    CONTENT_TYPE: headers['content-type'], CONTENT_LENGTH: String(body.length), GIT_PROTOCOL: String(headers['git-protocol'] ?? ''), HTTP_CONTENT_ENCODING: headers['content-encoding'],
  }
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  /** @type {Buffer[]} */
  const parts = []
  child.stdin.on('error', () => {}).end(body)
  child.stdout.on('data', (part) => parts.push(part))
  child.on('close', () => answer(Buffer.concat(parts), response))
}

/** @param {Buffer} output @param {import('node:http').ServerResponse} response */
function answer(output, response) {
  const end = output.indexOf('\r\n\r\n')
  for (const line of output.subarray(0, end).toString().split('\r\n')) {
    const [name, value] = line.split(': ')
    if (name === 'Status') response.statusCode = Number.parseInt(value)
    else response.setHeader(name, value)
  }
  response.end(output.subarray(end + 4))
}

function makeRepository() {
  const [bare, work] = [path.join(projects, REPOSITORY), path.join(projects, 'work')]
  const git = (/** @type {string[]} */ ...words) => execFileSync('git', words, { stdio: 'ignore', env: { PATH: process.env.PATH, HOME: projects, GIT_CONFIG_NOSYSTEM: '1' } })
  git('init', '--bare', '--initial-branch=main', bare)
  git('-C', bare, 'config', 'http.receivepack', 'true')
  git('clone', bare, work)
  fs.writeFileSync(path.join(work, 'README'), 'hello\n')
  git('-C', work, 'add', 'README')
  git('-C', work, '-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '-m', 'Say hello')
  git('-C', work, 'push', 'origin', 'HEAD:main')
}

function removeRepository() {
  fs.rmSync(projects, { recursive: true, force: true })
}

module.exports = { HOST, REPOSITORY, devops, logins, makeRepository, removeRepository, state }
