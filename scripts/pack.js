// @ts-check
'use strict'

// Makes the tarballs of a release: one platform package for each built addon in the root, and the main package. Only here
// does the main package get its `optionalDependencies`: names that are not yet published would break every `npm ci` of a
// checkout.
//
//   node scripts/pack.js [--out DIR] [--addons DIR]
//
// prints { "main": FILE, "platforms": { "linux-x64-gnu": FILE, … }, "sboms": [FILE, …] }. The bills of materials need
// cargo-cyclonedx, and only this command writes them: tests that install the packages do without.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { parseTriple } = require('@napi-rs/cli')
const { joinFiles } = require('./join')
const { npmOutput, npmPack } = require('./npm')
const { writeAddonSbom, writePackageSbom } = require('./sbom')
const { thirdPartyLicenses } = require('./third-party')

const manifest = require('../package.json')

const root = path.join(__dirname, '..')
/** What a user needs from the root's package.json. The rest, such as its scripts, is only for a checkout. */
const publishedKeys = /** @type {const} */ ([
  'name', 'version', 'description', 'keywords', 'license', 'repository', 'homepage', 'bugs', 'author',
  'type', 'main', 'types', 'exports', 'bin', 'files', 'engines', 'peerDependencies', 'peerDependenciesMeta'
])

/**
 * @typedef {ReturnType<typeof parseTriple>} Target
 * @typedef {object} Tarballs absolute paths
 * @property {string} main
 * @property {Record<string, string>} platforms
 * @property {string[]} sboms
 *
 * @typedef {object} Packing
 * @property {string} out where the tarballs go
 * @property {string} [addons] the folder of the addons, instead of the root
 * @property {boolean} [sbom] whether to write a bill of material beside each tarball
 */

/**
 * @param {Packing} options
 * @returns {Tarballs}
 */
function pack({ out, addons = root, sbom = false }) {
  const targets = platformTargets()
  const built = targets.filter((target) => fs.existsSync(path.join(addons, addonFile(target))))
  if (built.length === 0) throw new Error(`no addon is built in ${addons}: run \`npm run build\` first`)
  fs.mkdirSync(out, { recursive: true })
  return {
    main: packMain(targets, out),
    platforms: Object.fromEntries(built.map((target) => [target.platformArchABI, packPlatform(target, addons, out)])),
    sboms: sbom ? [packageSbom(targets, out), ...built.map((target) => addonSbom(target, out))] : []
  }
}

/** @returns {Target[]} */
function platformTargets() {
  return manifest.napi.targets.map(parseTriple)
}

/**
 * @param {Target[]} targets
 * @param {string} out
 */
function packMain(targets, out) {
  return inStagingFolder((folder) => {
    for (const file of publishedFiles()) copy(file, folder)
    joinFiles(folder, entries())
    bundleYaml(path.join(folder, 'js', 'command'))
    writeManifest(folder, mainManifest(targets))
    return npmPack(folder, out)
  })
}

/** The files that the manifest names: those that programs load, and those that npm links as commands. */
function entries() {
  const loaded = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [] : entry.default))
  return [...loaded, ...Object.values(manifest.bin)].map((file) => path.normalize(file))
}

/**
 * The published package has no dependencies: it contains the command's YAML library, with that library's licence.
 * @param {string} folder
 */
function bundleYaml(folder) {
  const library = path.dirname(require.resolve('yaml/package.json'))
  const place = path.join(folder, 'yaml')
  const isCode = (/** @type {string} */ file) => fs.statSync(file).isDirectory() || file.endsWith('.js')
  fs.cpSync(path.join(library, 'dist'), place, { recursive: true, dereference: true, filter: isCode })
  fs.copyFileSync(path.join(library, 'LICENSE'), path.join(place, 'LICENSE'))
  fs.writeFileSync(path.join(folder, 'yaml.js'), "'use strict'\n\nmodule.exports = require('./yaml/index.js')\n")
}

/**
 * @param {Target} target
 * @param {string} addons
 * @param {string} out
 */
function packPlatform(target, addons, out) {
  return inStagingFolder((folder) => {
    for (const file of ['LICENSE', 'NOTICE']) copy(file, folder)
    fs.copyFileSync(path.join(addons, addonFile(target)), path.join(folder, addonFile(target)))
    fs.writeFileSync(path.join(folder, 'README.md'), platformReadme(target))
    fs.writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES'), thirdPartyLicenses(target.triple))
    writeManifest(folder, platformManifest(target))
    return npmPack(folder, out)
  })
}

/**
 * A platform package as it is published, without the addon.
 * @param {Target} target
 * @param {string} out
 */
function packPlaceholder(target, out) {
  fs.mkdirSync(out, { recursive: true })
  return inStagingFolder((folder) => {
    writeManifest(folder, platformManifest(target))
    return npmPack(folder, out)
  })
}

/**
 * @param {Target[]} targets
 * @param {string} out
 */
function packageSbom(targets, out) {
  return inStagingFolder((folder) => {
    writeManifest(folder, mainManifest(targets))
    const file = path.join(out, sbomFile(manifest.name))
    writePackageSbom(folder, file)
    return file
  })
}

/**
 * @param {Target} target
 * @param {string} out
 */
function addonSbom(target, out) {
  const file = path.join(out, sbomFile(platformName(target)))
  writeAddonSbom(target.triple, file)
  return file
}

/** @param {string} name of the package; CycloneDX requires the extension */
function sbomFile(name) {
  return `${name}-${manifest.version}.cdx.json`
}

/** @param {Target[]} targets */
function mainManifest(targets) {
  /** @type {Record<string, unknown>} */
  const all = { ...manifest, ...repository() }
  const published = publishedKeys.filter((key) => key in all).map((key) => [key, all[key]])
  const platforms = targets.map((target) => [platformName(target), manifest.version])
  return { ...Object.fromEntries(published), optionalDependencies: Object.fromEntries(platforms) }
}

/** @param {Target} target */
function platformManifest(target) {
  const { name, version, license } = manifest
  return {
    name: platformName(target),
    version,
    description: `The native addon of ${name} for ${target.platformArchABI}`,
    license,
    ...repository(),
    type: 'commonjs',
    main: addonFile(target),
    files: [addonFile(target), 'NOTICE', 'THIRD-PARTY-LICENSES'],
    // Loose on purpose: npm silently skips an optional package whose engines do not match.
    engines: { node: '>=12' },
    os: [target.platform],
    cpu: [target.arch],
    ...libc(target)
  }
}

/** npm compares it with the repository in which a release's workflow runs. Packed elsewhere, a package has none. */
function repository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env
  return server && name ? { repository: { type: 'git', url: `git+${server}/${name}.git` } } : {}
}

/** @param {Target} target */
function libc({ platform, abi }) {
  if (platform !== 'linux') return {}
  return { libc: [abi === 'musl' ? 'musl' : 'glibc'] }
}

/** @param {Target} target */
function platformReadme(target) {
  return [
    `# ${platformName(target)}`,
    '',
    `The native addon of \`${manifest.name}\` for ${target.platformArchABI}. It is installed along with that package,`,
    'and does nothing without it.',
    ''
  ].join('\n')
}

/** @param {{ platformArchABI: string }} target */
function platformName({ platformArchABI }) {
  return `${manifest.name}-${platformArchABI}`
}

/** @param {Target} target */
function addonFile({ platformArchABI }) {
  return `${manifest.napi.binaryName}.${platformArchABI}.node`
}

/** Returns the files of the root that npm itself would publish, without the addons, each of which goes into its own package. */
function publishedFiles() {
  const [{ files }] = JSON.parse(npmOutput(['pack', '--dry-run', '--json', '--ignore-scripts'], root))
  const paths = files.map((/** @type {{ path: string }} */ file) => file.path)
  return paths.filter((/** @type {string} */ file) => !file.endsWith('.node'))
}

/**
 * @param {string} file relative to the root
 * @param {string} folder
 */
function copy(file, folder) {
  fs.cpSync(path.join(root, file), path.join(folder, file), { dereference: true })
}

/**
 * @param {string} folder
 * @param {object} content
 */
function writeManifest(folder, content) {
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(content, null, 2) + '\n')
}

/**
 * @template T
 * @param {(folder: string) => T} work
 */
function inStagingFolder(work) {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-pack-'))
  try {
    // npm takes the name in a bill of materials from the folder.
    const folder = path.join(place, manifest.name)
    fs.mkdirSync(folder)
    return work(folder)
  } finally {
    fs.rmSync(place, { recursive: true, force: true })
  }
}

if (require.main === module) {
  const { out, addons } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, addons: { type: 'string', default: root } } }).values
  console.log(JSON.stringify(pack({ out: path.resolve(String(out)), addons: path.resolve(String(addons)), sbom: true }), null, 2))
}

module.exports = { pack, packPlaceholder, platformName, platformTargets, repository }
