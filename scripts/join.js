// @ts-check
'use strict'

// Joins the files under js/ of a package that is packed: all of a folder become its file `joined.js`. To find, read and
// compile a file takes Node.js 0.2 to 0.35 ms, and a first token needs more than a dozen of them. A module stays one: it is evaluated
// once, when something asks for it. A checkout runs from the files as they are.

const { buildSync } = require('esbuild')
const fs = require('node:fs')
const path = require('node:path')

const manifest = require('../package.json')

/** Kept apart: the library behind it is larger than all of ours together, and one command needs it. */
const APART = path.join('js', 'command', 'yaml.js')

/** What a file loads by a relative path: always by a literal. */
const REQUIRE = /require\('(\.[^']*)'\)/g

/**
 * @typedef {object} Package
 * @property {string} root its folder
 * @property {string[]} entries the files that Node.js or a program starts with, relative to it: they keep their places
 */

/**
 * @param {string} root
 * @param {string[]} entries
 */
function joinFiles(root, entries) {
  const folders = foldersOf(root)
  const modules = folders.map((folder) => modulesOf(root, folder, entries))
  for (const file of [...entries, ...modules.flat()]) redirect({ root, entries }, file)
  const texts = folders.map((folder, index) => joined(root, folder, modules[index]))
  for (const file of modules.flat()) fs.rmSync(path.join(root, file))
  folders.forEach((folder, index) => fs.writeFileSync(path.join(root, folder, 'joined.js'), texts[index]))
  // Types that only comments of the modules name.
  for (const file of fs.readdirSync(path.join(root, 'js'))) if (file.endsWith('.d.ts')) fs.rmSync(path.join(root, 'js', file))
}

/**
 * `js` and the folders in it.
 * @param {string} root
 */
function foldersOf(root) {
  const inner = fs.readdirSync(path.join(root, 'js'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return ['js', ...inner.map(({ name }) => path.join('js', name))]
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string[]} entries
 */
function modulesOf(root, folder, entries) {
  const files = fs.readdirSync(path.join(root, folder)).map((name) => path.join(folder, name))
  return files.filter((file) => file.endsWith('.js') && file !== APART && !entries.includes(file))
}

/**
 * Lets a file look for what it loads in the joined files: an entry for all of it, another one for what is of another folder.
 * @param {Package} pack
 * @param {string} file
 */
function redirect({ root, entries }, file) {
  const place = path.join(root, file)
  const folder = path.dirname(file)
  const text = fs.readFileSync(place, 'utf8').replace(REQUIRE, (same, name) => {
    const target = path.join(folder, name)
    if (target === 'package.json') return `{ version: '${manifest.version}' }`
    const stays = target === withoutEnding(APART) || (path.dirname(target) === folder && !entries.includes(file))
    return stays ? same : memberOf(folder, target)
  })
  fs.writeFileSync(place, text)
}

/**
 * @param {string} folder of the file that asks
 * @param {string} target relative to the package
 */
function memberOf(folder, target) {
  const place = path.relative(folder, path.join(path.dirname(target), 'joined')).replaceAll(path.sep, '/')
  const name = withoutEnding(path.basename(target))
  return `require('${place.startsWith('.') ? place : `./${place}`}')${/^\w+$/.test(name) ? `.${name}` : `['${name}']`}`
}

/**
 * The modules of a folder in one text, which gives each of them to those who ask for it.
 * @param {string} root
 * @param {string} folder
 * @param {string[]} modules
 */
function joined(root, folder, modules) {
  const names = modules.map((file) => withoutEnding(path.basename(file)))
  const getters = names.map((name) => `  get '${name}'() { return require('./${name}') },`)
  const { outputFiles } = buildSync({
    stdin: { contents: `module.exports = {\n${getters.join('\n')}\n}\n`, resolveDir: path.join(root, folder), sourcefile: `${folder}/joined.js` },
    absWorkingDir: root,
    outfile: path.join(root, folder, 'joined.js'),
    external: ['./joined', '../joined', './yaml'],
    packages: 'external',
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    banner: { js: `'use strict'\n\n// The files ${folder.replaceAll(path.sep, '/')}/*.js of the repository, joined by scripts/join.js.\n` },
  })
  return outputFiles[0].text
}

/** @param {string} file */
function withoutEnding(file) {
  return file.replace(/\.js$/, '')
}

module.exports = { joinFiles }
