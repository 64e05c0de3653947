// @ts-check
'use strict'

// Projects that depend on @azure/identity through other packages, as users write them: a manifest, and how a package manager installs it.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { npmInvocation, npmOutput } = require('../../scripts/npm')
const { pack } = require('../../scripts/pack')
const { packIdentity } = require('../../scripts/pack-identity')
const { startRegistry } = require('../../scripts/release/registry')
const { installTools } = require('../../scripts/release/tools')
const { missingPlatforms, publish } = require('../../scripts/release/install-check')
const { version } = require('../../package.json')

const run = promisify(execFile)

/** The alias in the place of @azure/identity, as each package manager writes it. */
const ALIAS = `npm:azure-client-token-identity@${version}`

/** The tested packages, at pinned versions. */
const DEPENDANTS = /** @type {const} */ ({
  tedious: { tedious: '19.2.2' },
  entraid: { '@redis/entraid': '6.1.0', '@redis/client': '6.1.0' },
  langchain: { '@langchain/azure-cosmosdb': '0.2.8', '@langchain/core': '0.3.80' },
})

/** The packages of the original. */
const ORIGINALS = /^@azure\/(identity|msal-.*)$/

/** @typedef {{ manifest?: object, files?: Record<string, object | string>, install: (url: string) => { command: string, parameters: string[], shell?: boolean } }} Recipe */

const tools = () => installTools()
const npm = () => npmInvocation(['install', '--ignore-scripts', '--no-audit', '--no-fund'])
const node = (/** @type {string[]} */ ...parameters) => ({ command: process.execPath, parameters })

/** How a project makes a package manager install this package instead. @type {Record<string, Recipe>} */
const RECIPES = {
  npm: { manifest: { overrides: { '@azure/identity': ALIAS } }, install: npm },
  'npm, with a dependency of its own': {
    manifest: { dependencies: { '@azure/identity': ALIAS }, overrides: { '@azure/identity': '$@azure/identity' } },
    install: npm,
  },
  pnpm: { files: { 'pnpm-workspace.yaml': { overrides: { '@azure/identity': ALIAS } } }, install: () => node(tools().pnpm, 'install', '--ignore-scripts', '--no-frozen-lockfile') },
  'yarn 1': { manifest: { resolutions: { '@azure/identity': ALIAS } }, install: () => node(tools().yarn1, 'install', '--ignore-scripts', '--ignore-engines', '--non-interactive') },
  'yarn 4': {
    manifest: { resolutions: { '@azure/identity': ALIAS } },
    files: { 'yarn.lock': '' },
    install: () => node(tools().yarn4, 'install', '--mode=skip-build'),
  },
}

/**
 * A registry that has this project's packages, and gets the others from npm's. npm skips the packages of platforms that are not built here.
 * @param {{ platforms: 'built' | 'all' }} [publishing]
 */
async function startPublished({ platforms: which } = { platforms: 'all' }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-overrides-'))
  const upstream = npmOutput(['config', 'get', 'registry'], folder).trim()
  const registry = await startRegistry(tools().verdaccio, path.join(folder, 'registry'), upstream)
  const out = path.join(folder, 'tarballs')
  const { main, platforms } = pack({ out })
  const tarballs = [...Object.values(platforms), main, packIdentity({ out })]
  const others = which === 'all' ? missingPlatforms(tarballs, folder) : []
  for (const tarball of [...others, ...tarballs]) await publish(tarball, ['--userconfig', registry.npmrc, '--registry', registry.url])
  const close = async () => {
    await registry.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  return { folder, url: registry.url, close }
}

/**
 * @param {string} folder
 * @param {string} url the registry's
 * @param {Record<string, string>} dependencies
 * @param {Recipe} recipe
 */
async function installProject(folder, url, dependencies, { manifest, files = {}, install }) {
  fs.mkdirSync(folder, { recursive: true })
  const { dependencies: own, ...others } = /** @type {Record<string, any>} */ (manifest ?? {})
  const project = { name: 'project', private: true, dependencies: { ...dependencies, ...own }, ...others }
  for (const [name, content] of Object.entries({ ...files, ...configurations(url), 'package.json': project })) {
    // JSON is valid YAML.
    fs.writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const { command, parameters, shell } = install(url)
  const { PATH = '' } = process.env
  await run(command, parameters, { cwd: folder, shell, env: { PATH, HOME: folder, CI: 'true', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' }, timeout: 240_000 })
}

/** @param {string} url */
function configurations(url) {
  return {
    '.npmrc': `registry=${url}\n`,
    '.yarnrc': `registry "${url}"\n`,
    '.yarnrc.yml': { nodeLinker: 'node-modules', npmRegistryServer: url, unsafeHttpWhitelist: ['127.0.0.1'], npmMinimalAgeGate: 0, enableGlobalCache: false, enableTelemetry: false },
  }
}

/**
 * The manifests of all packages below a folder that have one of these names, with any package manager.
 * @param {string} folder
 * @param {RegExp} names the name in a package's manifest
 */
function installed(folder, names) {
  const files = fs.readdirSync(path.join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
  const manifests = files.filter((file) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(`node_modules/${file}`))
  const found = manifests.map((file) => JSON.parse(fs.readFileSync(path.join(folder, 'node_modules', file), 'utf8')).name)
  return [...new Set(found.filter((name) => names.test(name)))].sort()
}

module.exports = { DEPENDANTS, ORIGINALS, RECIPES, installProject, installed, startPublished }
