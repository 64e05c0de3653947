// @ts-check
'use strict'

const { test } = require('node:test')
const assert = require('node:assert/strict')
const path = require('node:path')
const ts = require('typescript')

const root = path.join(__dirname, '..')
const contract = path.join(__dirname, 'types', 'contract.ts')
const declarations = ['index.d.ts', 'identity.d.ts', 'redis.d.ts'].map((name) => path.join(root, name))
const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts

/** @type {import('typescript').CompilerOptions} */
const strict = {
  strict: true,
  noEmit: true,
  target: ScriptTarget.ES2022,
  module: ModuleKind.Node16,
  moduleResolution: ModuleResolutionKind.Node16,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  skipLibCheck: true
}

test('programs that use the public types compile, and those that misuse them do not', () => {
  assert.deepEqual(diagnose([contract], strict), [])
})

test('a missing expected error would be noticed', () => {
  const [first] = diagnose([path.join(__dirname, 'types', 'unexpected.ts')], strict)
  assert.match(first, /Unused '@ts-expect-error' directive/)
})

test('the declarations need neither DOM nor Node.js types', () => {
  const bare = { ...strict, types: [], skipLibCheck: false }
  assert.deepEqual(diagnose(declarations, bare), [])
})

test('the declarations hold with exact optional properties', () => {
  const exact = { ...strict, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [] }
  assert.deepEqual(diagnose(declarations, exact), [])
})

for (const [file, entry] of [['index.d.ts', 'azure-client-token'], ['identity.d.ts', 'azure-client-token/identity'], ['redis.d.ts', 'azure-client-token/redis']]) {
  test(`the declarations of ${file} are those of its exports`, () => {
    const program = ts.createProgram([path.join(root, file)], strict)
    assert.deepEqual(declaredValues(program).sort(), Object.keys(require(entry)).sort())
  })
}

const identityContract = path.join(__dirname, 'types', 'identity-contract.ts')

test('the drop-in and @azure/identity declare types that fit each other', () => {
  assert.deepEqual(diagnose([identityContract], strict), [])
})

test('the drop-in has every value and type of @azure/identity, and the contract compares each', () => {
  const program = ts.createProgram([identityContract], strict)
  const names = exported(program, /@azure\/identity\/dist\/commonjs\/index\.d\.ts$/).map(({ name }) => name)
  const ours = new Set(exported(program, /^((?!node_modules).)*\/identity\.d\.ts$/).map(({ name }) => name))
  assert.ok(names.length >= 83, `${names.length} names`)
  assert.deepEqual(names.filter((name) => !ours.has(name)), [])
  const contract = program.getSourceFile(identityContract)?.text ?? ''
  assert.deepEqual(names.filter((name) => !new RegExp(`(theirs\\.|\\| ')${name}\\b`).test(contract)), [])
  assert.deepEqual(Object.keys(require('azure-client-token/identity')).sort(), Object.keys(require('@azure/identity')).sort())
})

test('no class has more overloads than the contract compares', () => {
  const program = ts.createProgram([identityContract], strict)
  const checker = program.getTypeChecker()
  const classes = [/@azure\/identity\/dist\/commonjs\/index\.d\.ts$/, /^((?!node_modules).)*\/identity\.d\.ts$/]
    .flatMap((file) => exported(program, file))
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter(({ flags }) => flags & ts.SymbolFlags.Class)
  const counts = classes.map((symbol) => checker.getTypeOfSymbol(symbol).getConstructSignatures().length)
  assert.equal(counts.length, 2 * 22)
  assert.equal(Math.max(...counts), 4)
})

/**
 * @param {import('typescript').Program} program
 * @param {RegExp} file
 */
function exported(program, file) {
  const checker = program.getTypeChecker()
  const source = program.getSourceFiles().find(({ fileName }) => file.test(fileName))
  const symbol = source && checker.getSymbolAtLocation(source)
  assert.ok(symbol, 'the declarations are a module')
  return checker.getExportsOfModule(symbol)
}

/**
 * @param {import('typescript').Program} program
 * @returns {string[]} the names that exist at run time
 */
function declaredValues(program) {
  const [file] = program.getRootFileNames().map((name) => program.getSourceFile(name))
  const checker = program.getTypeChecker()
  const symbol = file && checker.getSymbolAtLocation(file)
  assert.ok(symbol, 'the declarations are a module')
  return checker
    .getExportsOfModule(symbol)
    .filter(({ flags }) => flags & ts.SymbolFlags.Value)
    .map(({ name }) => name)
}

/**
 * @param {string[]} files
 * @param {import('typescript').CompilerOptions} options
 */
function diagnose(files, options) {
  const program = ts.createProgram(files, options)
  return ts.getPreEmitDiagnostics(program).map(sentence)
}

/** @param {import('typescript').Diagnostic} diagnostic */
function sentence({ file, start, messageText }) {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n')
  if (!file || start === undefined) return text
  return `${path.basename(file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1} ${text}`
}
