// @ts-check
'use strict'

// npm with a stand-in for a feed of Azure Artifacts: it has one package, and requires a token for Azure DevOps.

const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { tokenVerifier } = require('../../support/resource-server')
const { play } = require('./set-up')

const HOST = 'pkgs.dev.azure.com'
const FEED = `https://${HOST}/organisation/project/_packaging/feed@Release/npm/registry/`
const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798'

/** @type {{ path: string, audience?: string }[]} */
const asked = []
let tarball = Buffer.alloc(0)

/** @param {import('../../../emulator').Emulator} emulator @returns {Promise<import('./set-up').Respond>} */
async function feed(emulator) {
  const verify = await tokenVerifier(emulator, DEVOPS)
  return async ({ url, headers }, _, response) => {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
    const claims = await verify(token ?? '').catch(() => undefined)
    asked.push({ path: String(url), audience: claims?.aud })
    if (claims === undefined) return response.writeHead(401, { 'www-authenticate': 'Bearer authorization_uri=https://login.windows.net/' }).end()
    if (String(url).endsWith('.tgz')) return response.end(tarball)
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(document()))
  }
}

/** The path of the tarballs is one level above the registry's. */
function document() {
  const dist = { tarball: `${FEED.replace(/registry\/$/, '')}hello/-/hello-1.0.0.tgz`, integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}` }
  return { name: 'hello', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name: 'hello', version: '1.0.0', dist } } }
}

/** @param {string} folder */
function packed(folder) {
  fs.mkdirSync(path.join(folder, 'package'))
  fs.writeFileSync(path.join(folder, 'package', 'package.json'), '{ "name": "hello", "version": "1.0.0" }')
  return execFileSync('tar', ['-czf', '-', '-C', folder, 'package'])
}

/** @param {import('./set-up').World} world */
async function session({ folder, caFile, run }) {
  tarball = packed(folder)
  const project = path.join(folder, 'project')
  fs.mkdirSync(project)
  fs.writeFileSync(path.join(project, 'package.json'), '{ "private": true }')
  fs.writeFileSync(path.join(project, '.npmrc'), `registry=${FEED}\n`)
  const install = async (/** @type {string[]} */ ...before) => {
    fs.rmSync(path.join(project, 'node_modules'), { recursive: true, force: true })
    // The session must not use the machine's own configuration.
    const environment = { npm_config_globalconfig: '/dev/null', npm_config_cafile: caFile, npm_config_cache: fs.mkdtempSync(path.join(folder, 'cache-')) }
    const outcome = await run([...before, 'npm', 'install', 'hello', '--no-save', '--no-audit', '--no-fund', '--no-update-notifier', '--fetch-retries=0'], { cwd: project, environment })
    const isInstalled = fs.existsSync(path.join(project, 'node_modules', 'hello', 'package.json'))
    return { ...outcome, isInstalled, asked: asked.splice(0) }
  }
  const before = await install()
  const keys = ['registry/', ''].map((end) => `npm_config_//${HOST}/organisation/project/_packaging/feed@Release/npm/${end}:_authToken=devops`)
  const child = await install('azure-client-token', 'exec', ...keys.flatMap((key) => ['--set', key]), '--')
  const write = await run(['azure-client-token', 'npmrc', '--write', '--registry', FEED])
  const npmrc = fs.readFileSync(path.join(folder, '.npmrc'), 'utf8')
  return { before, child, write, npmrc, after: await install(), project: fs.readFileSync(path.join(project, '.npmrc'), 'utf8'), feed: FEED }
}

play([HOST], feed, session)
