// @ts-check
'use strict'

// Joins the files under js/ of a package that is packed. Those that most first tokens need become js/joined.js, and all
// files of a folder below become its joined.js. Finding, reading and compiling a file takes Node.js 0.2 to 0.35 ms, and a
// first token needs a dozen files. The others of js/ stay files: parsing code that is not needed takes 0.3 ms for each 10
// KB. Each module stays a module: it is evaluated once, when it is first required. A checkout uses the files themselves.

const { buildSync, transformSync } = require('esbuild')
const fs = require('node:fs')
const path = require('node:path')

const manifest = require('../package.json')

/** Not joined: its library is larger than all of this package's files together, and only one command needs it. */
const APART = path.join('js', 'command', 'yaml.js')

/** The files that every first token loads. Each of them loads others at once. */
const FIRST = filesOf('credential', 'client', 'environment')

/** Those that it loads with an explicit credential, or with call options, as well. */
const WITH_OPTIONS = filesOf('options', 'cache-option', 'arguments')

/** The files that a file loads by a relative path, which is always a literal. */
const REQUIRE = /require\('(\.[^']*)'\)/g

/** The files that a file loads when it is loaded itself. */
const REQUIRE_AT_ONCE = /^const .* = require\('(\.[^']*)'\)/gm

/**
 * @typedef {object} Package
 * @property {string} root its folder
 * @property {string[]} entries the files that Node.js or a program loads first, relative to the root: they keep their paths
 * @property {Set<string>} members the files that are joined
 */

/**
 * @param {string} root
 * @param {string[]} entries
 */
function joinFiles(root, entries) {
  const folders = foldersOf(root)
  const first = loadedAtOnce(root, FIRST)
  const modules = folders.map((folder) => (folder === 'js' ? loadedAtOnce(root, [...FIRST, ...WITH_OPTIONS]) : modulesOf(root, folder, entries)))
  const members = new Set(modules.flat())
  const others = modulesOf(root, 'js', entries).filter((file) => !members.has(file))
  for (const file of [...entries, ...others, ...members]) redirect({ root, entries, members }, file)
  const texts = folders.map((folder, index) => joined({ root, folder, modules: modules[index], first, others }))
  for (const file of members) fs.rmSync(path.join(root, file))
  folders.forEach((folder, index) => fs.writeFileSync(path.join(root, folder, 'joined.js'), texts[index]))
  // Types that only comments of the modules name.
  for (const file of fs.readdirSync(path.join(root, 'js'))) if (file.endsWith('.d.ts')) fs.rmSync(path.join(root, 'js', file))
}

/** @param {string[]} names */
function filesOf(...names) {
  return names.map((name) => path.join('js', `${name}.js`))
}

/**
 * Returns `js` and the folders in it.
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
 * Returns the files, and those that they load when they are loaded themselves.
 * @param {string} root
 * @param {string[]} files
 */
function loadedAtOnce(root, files) {
  const found = new Set(files)
  for (const file of found) {
    const names = [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(REQUIRE_AT_ONCE)].map(([, name]) => name)
    names.filter((name) => !name.endsWith('.json')).forEach((name) => found.add(targetOf(path.dirname(file), name)))
  }
  return [...found]
}

/**
 * Makes a file find its modules in the joined files: one entry for its own folder, another one for other folders.
 * @param {Package} pack
 * @param {string} file
 */
function redirect({ root, entries, members }, file) {
  const place = path.join(root, file)
  const folder = path.dirname(file)
  const text = fs.readFileSync(place, 'utf8').replace(REQUIRE, (same, name) => {
    if (path.join(folder, name) === 'package.json') return `{ version: '${manifest.version}' }`
    const target = targetOf(folder, name)
    const isBeside = members.has(file) && path.dirname(target) === folder && !entries.includes(file)
    return isBeside || !members.has(target) ? same : memberOf(folder, target)
  })
  fs.writeFileSync(place, text)
}

/**
 * @param {string} folder of the file that loads it
 * @param {string} name with or without its ending
 */
function targetOf(folder, name) {
  return `${withoutEnding(path.join(folder, name))}.js`
}

/**
 * @param {string} folder of the file that asks
 * @param {string} target relative to the package
 */
function memberOf(folder, target) {
  const [place] = namesOf(folder, [path.join(path.dirname(target), 'joined.js')])
  const name = withoutEnding(path.basename(target))
  return `require('${place}')${/^\w+$/.test(name) ? `.${name}` : `['${name}']`}`
}

/**
 * Returns the modules of a folder as one text, which returns each of them on request.
 * @param {object} given
 * @param {string} given.root
 * @param {string} given.folder
 * @param {string[]} given.modules
 * @param {string[]} given.first those that are compiled at once: compiling others would delay a first token that needs none of them
 * @param {string[]} given.others the files of `js` that are not joined
 */
function joined({ root, folder, modules, first, others }) {
  const names = modules.map((file) => withoutEnding(path.basename(file)))
  const getters = names.map((name) => `  get '${name}'() { return require('./${name}') },`)
  const { outputFiles } = buildSync({
    stdin: { contents: `module.exports = {\n${getters.join('\n')}\n}\n`, resolveDir: path.join(root, folder), sourcefile: `${folder}/joined.js` },
    absWorkingDir: root,
    outfile: path.join(root, folder, 'joined.js'),
    external: ['./joined', '../joined', './yaml', ...namesOf(folder, others)],
    packages: 'external',
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    banner: { js: "'use strict'" },
  })
  const [{ text }] = outputFiles
  const head = `// The files ${folder.replaceAll(path.sep, '/')}/*.js of the repository, joined by scripts/join.js.\n`
  return head + dense(modules.filter((file) => first.includes(file)).reduce(compiledAtOnce, text))
}

/**
 * Removes comments and white space. Reading them takes 0.3 ms of a first token, because V8 reads a function again when it
 * is first called. The names stay, and each module begins a line.
 * @param {string} text
 */
function dense(text) {
  const { code } = transformSync(text, { minifyWhitespace: true, legalComments: 'none' })
  return code.replaceAll(';var require_', ';\nvar require_')
}

/**
 * Puts a module's function in parentheses, so that V8 compiles it immediately: it parses a function twice if it does not
 * know that it will soon be called (https://v8.dev/blog/preparser, possibly-invoked function expressions).
 * @param {string} text esbuild's output, in which a module is `"js/name.js"(exports, module) { … }`
 * @param {string} file
 */
function compiledAtOnce(text, file) {
  const name = `"${file.replaceAll(path.sep, '/')}"`
  const [, before, parameters, body, after] = new RegExp(`^(.*\\n {2}${name})(\\([^)]*\\))( \\{\\n.*?\\n {2}\\})(\\n\\}\\);\\n.*)$`, 's').exec(text) ?? []
  if (body === undefined) throw new Error(`the form in which esbuild joins ${name} has changed`)
  return `${before}: (function${parameters}${body})${after}`
}

/**
 * Returns the names by which files are loaded, with and without their extension.
 * @param {string} folder of the file that loads them
 * @param {string[]} files
 */
function namesOf(folder, files) {
  const places = files.map((file) => path.relative(folder, withoutEnding(file)).replaceAll(path.sep, '/'))
  return places.map((place) => (place.startsWith('.') ? place : `./${place}`)).flatMap((name) => [name, `${name}.js`])
}

/** @param {string} file */
function withoutEnding(file) {
  return file.replace(/\.js$/, '')
}

module.exports = { joinFiles }
