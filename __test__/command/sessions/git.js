// @ts-check
'use strict'

// git at a server that stands in for Azure DevOps: a repository by git's own http-backend, for tokens of Azure DevOps alone,
// as a bearer or as a password.

const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { tokenVerifier } = require('../../support/resource-server')
const { play } = require('./world')

const HOST = 'dev.azure.com'
const REPOSITORY = 'organisation/project/_git/hello'
const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798'
const projects = fs.mkdtempSync(path.join(os.tmpdir(), 'git-projects-'))

/** @type {{ scheme: string, user: string, audience?: string }[]} the logins that came */
const logins = []
let isRefusing = false

/** @param {import('../../../emulator').Emulator} emulator @returns {Promise<import('./world').Respond>} */
async function devops(emulator) {
  const verify = await tokenVerifier(emulator, DEVOPS)
  return async (request, body, response) => {
    const login = loginOf(request.headers.authorization)
    const claims = login && (await verify(login.token).catch(() => undefined))
    if (login) logins.push({ scheme: login.scheme, user: login.user, audience: claims?.aud })
    if (claims && !isRefusing) return backend(request, body, response)
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
 * A program of RFC 3875.
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

/** @param {import('./world').World} world */
async function session({ folder, caFile, run }) {
  makeRepository()
  const environment = { GIT_SSL_CAINFO: caFile, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (/** @type {string[]} */ ...words) => ({ ...(await run(['git', ...words], { environment })), logins: logins.splice(0) })
  // As docs/command.md says.
  await git('config', '--global', `credential.https://${HOST}.helper`, 'azure-client-token')
  const version = (await git('version')).stdout
  const clone = await git('clone', `https://${HOST}/${REPOSITORY}`, 'clone')
  const cloned = fs.readFileSync(path.join(folder, 'clone', 'README'), 'utf8')
  const named = await git('ls-remote', `https://organisation@${HOST}/${REPOSITORY}`)
  await git('-C', 'clone', '-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '--allow-empty', '-m', 'Say more')
  const push = await git('-C', 'clone', 'push', 'origin', 'HEAD:main')
  isRefusing = true
  const refused = await git('ls-remote', `https://${HOST}/${REPOSITORY}`)
  const elsewhere = await run(['git', '-c', 'credential.helper=azure-client-token', 'credential', 'fill'], { environment, input: 'protocol=https\nhost=git.example\n\n' })
  return { version, clone, cloned, named, push, refused, elsewhere }
}

play([HOST], devops, session).finally(() => fs.rmSync(projects, { recursive: true, force: true }))
