// @ts-check
'use strict'

// Limits on the length of functions and files: a function of the product fits on a screen. Tables of tests are not limited.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { describe, test } = require('node:test')
const ts = require('typescript')

const root = path.join(__dirname, '..')

const LONGEST_FUNCTION = 40
const LONGEST_FILE = { product: 350, test: 400 }
const USUAL = { median: 5, ninety: 15 }

/** @typedef {{ file: string, line: number, lines: number }} Size of a function */

/** @param {string} folder @param {RegExp} ending @returns {string[]} */
function filesOf(folder, ending) {
  const entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile() && ending.test(entry.name))
  return files.map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name))).filter((file) => !file.includes('node_modules'))
}

/** @param {string} file */
function linesOf(file) {
  return fs.readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n')
}

/** Without comments. @param {string[]} lines */
function codeLines(lines) {
  return lines.filter((line) => !/^\s*(\/\/|\/?\*)/.test(line)).length
}

/**
 * In formatted Rust, a function ends at the brace with the same indentation as its beginning.
 * @param {string} file
 * @returns {Size[]}
 */
function rustFunctions(file) {
  const lines = linesOf(file)
  return lines.flatMap((text, at) => {
    const [, indentation] = /^( *)(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?(?:unsafe )?fn \w/.exec(text) ?? []
    if (indentation === undefined || /[;}]$/.test(text)) return []
    const end = lines.findIndex((other, index) => index > at && other === `${indentation}}`)
    return end < 0 ? [] : [{ file, line: at + 1, lines: codeLines(lines.slice(at, end + 1)) }]
  })
}

/** @param {ts.Node} node */
function isFunction(node) {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node) || ts.isAccessor(node)
}

/**
 * A nested function counts separately.
 * @param {string} file
 * @returns {Size[]}
 */
function scriptFunctions(file) {
  const text = linesOf(file)
  const source = ts.createSourceFile(file, text.join('\n'), ts.ScriptTarget.Latest, true)
  /** @type {Size[]} */
  const found = []
  const lineOf = (/** @type {number} */ position) => source.getLineAndCharacterOfPosition(position).line
  /** Returns the number of lines of the functions in a node. @param {ts.Node} node @returns {number} */
  const visit = (node) => {
    let inner = 0
    ts.forEachChild(node, (child) => void (inner += visit(child)))
    if (!isFunction(node)) return inner
    const lines = codeLines(text.slice(lineOf(node.getStart()), lineOf(node.end) + 1))
    found.push({ file, line: lineOf(node.getStart()) + 1, lines: lines - inner })
    return lines
  }
  visit(source)
  return found
}

/** @param {Size[]} sizes @param {number} share */
function quantile(sizes, share) {
  return sizes.map(({ lines }) => lines).sort((one, other) => one - other)[Math.floor(sizes.length * share)]
}

const isTest = (/** @type {string} */ file) => /(^|\/)(tests?|__test__|fleet_model)(\/|\.rs$)|\/model\.rs$/.test(file.replaceAll(path.sep, '/'))
const rust = ['crates/core/src', 'crates/core/tests', 'src'].flatMap((folder) => filesOf(folder, /\.rs$/))
const scripts = ['js', 'emulator', 'scripts', 'bench'].flatMap((folder) => filesOf(folder, /\.js$/))
const tests = filesOf('__test__', /\.js$/)

describe('functions', () => {
  const product = [...rust.filter((file) => !isTest(file)).flatMap(rustFunctions), ...scripts.flatMap(scriptFunctions)]

  test(`have at most ${LONGEST_FUNCTION} lines`, () => {
    assert.ok(product.length > 2000, `${product.length} functions were found`)
    assert.deepEqual(product.filter(({ lines }) => lines > LONGEST_FUNCTION), [])
  })

  test(`have ${USUAL.median} lines in the median, and nine of ten at most ${USUAL.ninety}`, () => {
    assert.ok(quantile(product, 0.5) <= USUAL.median, `${quantile(product, 0.5)} lines in the median`)
    assert.ok(quantile(product, 0.9) <= USUAL.ninety, `nine of ten have ${quantile(product, 0.9)} lines`)
  })

  test('are counted from their first line to their last brace, without comments', () => {
    const own = scriptFunctions(path.relative(root, __filename)).find(({ line }) => linesOf(path.relative(root, __filename))[line - 1].startsWith('function linesOf'))
    assert.equal(own?.lines, 3)
  })
})

describe('files', () => {
  test(`of the product have at most ${LONGEST_FILE.product} lines, those of tests ${LONGEST_FILE.test}`, () => {
    const most = (/** @type {string} */ file) => (isTest(file) || /\.test\.js$/.test(file) || file.startsWith('__test__') ? LONGEST_FILE.test : LONGEST_FILE.product)
    const long = [...rust, ...scripts, ...tests].filter((file) => linesOf(file).length > most(file))
    assert.deepEqual(long.map((file) => `${file}: ${linesOf(file).length}`), [])
  })
})
