// @ts-check
'use strict'

// The JavaScript files: which folder may import which, and that there are no circular imports. crates/core/tests/architecture tests the
// layers of the core.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { describe, test } = require('node:test')

const root = path.join(__dirname, '..')

/** The folders, and those that each may import from besides itself. `.` stands for the package's entries. */
const FOLDERS = {
  '.': ['js'],
  js: ['.'],
  emulator: [],
  examples: ['.', 'emulator'],
  scripts: ['.', 'emulator'],
  bench: ['.', 'emulator', 'scripts'],
  __test__: ['.', 'js', 'emulator', 'examples', 'scripts', 'bench'],
}

/** The files of the root that `js/` may import: the entries import `js/`, not the reverse. The manifest has the version. */
const DECLARATION = /\.d\.ts$|^package\.json$/

/** @typedef {{ from: string, to: string }} Import two files, relative to the root */

/**
 * Each file of the project that this one imports: by `require`, by `import`, or in a type of its comments.
 * @param {string} file
 * @returns {string[]}
 */
function imports(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const names = [...text.matchAll(/(require|import)\(\s*['"](\.[^'"]*)['"]\s*\)|(?:from|import)\s+['"](\.[^'"]*)['"]/g)]
  return [...new Set(names.flatMap(([, how, called, imported]) => resolved(path.join(path.dirname(file), called ?? imported), how)))]
}

/**
 * An `import()` in a comment resolves to declarations first, as in TypeScript.
 * @param {string} place
 * @param {string | undefined} how
 */
function resolved(place, how) {
  const endings = how === 'require' ? ['', '.js', '.d.ts'] : ['', '.d.ts', '.js']
  const candidates = [...endings.map((ending) => place + ending), path.join(place, 'index.js')]
  const isFile = (/** @type {string} */ candidate) => fs.existsSync(path.join(root, candidate)) && fs.statSync(path.join(root, candidate)).isFile()
  return candidates.filter(isFile).slice(0, 1)
}

/** @param {string} folder @returns {string[]} */
function filesOf(folder) {
  const entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return folder === '.' || entry.name === 'node_modules' ? [] : filesOf(file)
    return /\.(js|mjs|cjs|ts)$/.test(entry.name) && entry.name !== 'binding.d.ts' ? [file] : []
  })
}

/** @param {string} file */
function folderOf(file) {
  return file.includes(path.sep) ? file.split(path.sep)[0] : '.'
}

const files = Object.keys(FOLDERS).flatMap(filesOf)
const graph = new Map(files.map((file) => [file, imports(file)]))

/**
 * The files of a circular import, if there is one.
 * @param {Map<string, string[]>} graph
 * @returns {string[] | undefined}
 */
function circle(graph) {
  const done = new Set()
  /** @param {string} file @param {string[]} trail @returns {string[] | undefined} */
  const walk = (file, trail) => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file]
    if (done.has(file)) return undefined
    const found = first(graph.get(file) ?? [], (next) => walk(next, [...trail, file]))
    done.add(file)
    return found
  }
  return first([...graph.keys()], (file) => walk(file, []))
}

/** @template T, U @param {T[]} list @param {(one: T) => U | undefined} look @returns {U | undefined} */
function first(list, look) {
  for (const one of list) {
    const found = look(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** @param {Import} edge */
function isAllowed({ from, to }) {
  const [here, there] = [folderOf(from), folderOf(to)]
  if (here === there) return true
  const allowed = FOLDERS[/** @type {keyof typeof FOLDERS} */ (here)]
  return /** @type {string[]} */ (allowed).includes(there) && (here !== 'js' || DECLARATION.test(to))
}

describe('the files of the JavaScript side', () => {
  test('load only from the folders that their own may use', () => {
    const edges = [...graph].flatMap(([from, all]) => all.map((to) => ({ from, to })))
    assert.ok(edges.length > 100, 'the files were read')
    const wrong = edges.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} loads ${to}`)
    assert.deepEqual(wrong, [])
  })

  test('load each other in no circle, types included', () => {
    assert.deepEqual(circle(graph), undefined)
  })

  test('are checked by a test that finds both mistakes', () => {
    assert.deepEqual(circle(new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]])), ['b', 'c', 'b'])
    assert.equal(isAllowed({ from: 'scripts/pack.js', to: '__test__/support/run.js' }), false)
    assert.equal(isAllowed({ from: 'emulator/index.js', to: 'js/client.js' }), false)
    assert.equal(isAllowed({ from: 'js/client.js', to: 'index.js' }), false)
    assert.equal(isAllowed({ from: 'js/client.js', to: 'index.d.ts' }), true)
    assert.ok(imports('index.js').includes(path.join('js', 'credential.js')))
    assert.ok(imports(path.join('js', 'errors.js')).includes(path.join('js', 'native.d.ts')), 'types in comments count')
  })
})
