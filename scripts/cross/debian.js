// @ts-check
'use strict'

// Unpacks packages of Debian into a folder: nothing is installed, and no container is needed. apt runs with its own
// configuration, state and cache, and with the Debian sites in this machine's sources. It checks signatures as always.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

/**
 * @typedef {object} Selection
 * @property {string} suite the release's name
 * @property {string} architecture as Debian names it
 * @property {Record<string, string>} packages and their exact versions
 */

/**
 * Returns the folder into which the packages are unpacked. An earlier folder for the same selection is used unchanged.
 * @param {string} folder
 * @param {Selection} selection
 */
function debianRoot(folder, selection) {
  const stamp = path.join(folder, 'selection.json')
  const wanted = JSON.stringify(selection)
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return folder
  fs.rmSync(folder, { recursive: true, force: true })
  for (const archive of download(path.join(folder, 'apt'), selection)) execFileSync('dpkg-deb', ['-x', archive, folder])
  fs.rmSync(path.join(folder, 'apt'), { recursive: true })
  // Programs look for their loader through this link, which Debian 13 leaves to a package that nothing here needs.
  if (!fs.existsSync(path.join(folder, 'lib'))) fs.symlinkSync(path.join('usr', 'lib'), path.join(folder, 'lib'))
  fs.writeFileSync(stamp, wanted)
  return folder
}

/**
 * @param {string} folder for apt's own files
 * @param {Selection} selection
 * @returns {string[]} the archives
 */
function download(folder, { suite, architecture, packages }) {
  const env = { ...process.env, APT_CONFIG: writeConfiguration(folder, suite, architecture) }
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const archives = path.join(folder, 'archives')
  fs.mkdirSync(archives)
  const pinned = Object.entries(packages).map(([name, version]) => `${name}=${version}`)
  execFileSync('apt-get', ['download', '-qq', ...pinned], { env, cwd: archives, stdio: ['ignore', 'inherit', 'inherit'] })
  return fs.readdirSync(archives).map((file) => path.join(archives, file))
}

/**
 * @param {string} folder
 * @param {string} suite
 * @param {string} architecture
 */
function writeConfiguration(folder, suite, architecture) {
  for (const place of ['state/lists/partial', 'cache/archives/partial']) fs.mkdirSync(path.join(folder, place), { recursive: true })
  const write = (/** @type {string} */ name, /** @type {string} */ content) => {
    fs.writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  return write('apt.conf', [
    `Dir::State "${path.join(folder, 'state')}";`,
    `Dir::State::status "${write('status', '')}";`,
    `Dir::Cache "${path.join(folder, 'cache')}";`,
    `Dir::Etc::SourceList "${write('sources.list', sources(suite))}";`,
    'Dir::Etc::SourceParts "/dev/null";',
    `APT::Architecture "${architecture}";`,
    '#clear APT::Architectures;',
    `APT::Architectures { "${architecture}"; };`,
    'APT::Sandbox::User "root";',
    'APT::Get::Download-Only "true";\n'
  ].join('\n'))
}

/** @param {string} suite */
function sources(suite) {
  const listed = execFileSync('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)'], { encoding: 'utf8' })
  const lines = listed.split('\n').map((line) => line.split(' '))
  const main = lines.find(([site, release]) => site.endsWith('/debian') && !release.includes('-'))
  const security = lines.find(([, release]) => release?.endsWith('-security'))
  if (!main || !security) throw new Error('The sources of apt on this machine contain no Debian mirror. Add the sources of any Debian release.')
  return `deb ${main[0]} ${suite} main\ndeb ${security[0]} ${suite}-security main\n`
}

module.exports = { debianRoot }
