// @ts-check
'use strict'

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { readFile } = require('node:fs/promises')
const path = require('node:path')
const { createWorkspace } = require('./support/pulumi-workspace')

/** @typedef {import('typescript')} TypeScript */
/** @typedef {import('typescript').CompilerOptions} CompilerOptions */
/** @typedef {{ file: string, line: number, text: string }} Complaint */

const sources = ['pulumi-contract.ts', 'pulumi-misuse.ts', 'azure-native-authorization.d.ts']
/** @type {TypeScript} */
const current = require('typescript')
/** The compiler for programs without one of their own. @type {TypeScript} */
const vendored = /** @type {any} */ (require('@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js'))

const { ModuleKind, ModuleResolutionKind, ScriptTarget } = current
const strict = { strict: true, noEmit: true, target: ScriptTarget.ES2019, types: [] }
const node = { ...strict, module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10 }
const node16 = { ...strict, module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 }
const nodenext = { ...strict, module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext }
const bundler = { ...strict, module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }

/** @type {[name: string, compiler: TypeScript, options: CompilerOptions][]} */
const setUps = [
  ['TypeScript 3.8.3, moduleResolution node', vendored, node],
  ['TypeScript 5.9, moduleResolution node', current, node],
  ['TypeScript 5.9, moduleResolution node16', current, node16],
  ['TypeScript 5.9, moduleResolution nodenext', current, nodenext],
  ['TypeScript 5.9, moduleResolution bundler', current, bundler]
]

describe('the types of the Pulumi entry', () => {
  /** @type {import('./support/pulumi-workspace').Workspace} */ let workspace
  /** @type {string} */ let folder
  /** @type {Record<string, string>} */ const files = {}

  before(async () => {
    for (const name of sources) files[name] = await readFile(path.join(__dirname, 'types', name), 'utf8')
    workspace = await createWorkspace({ typescript: false })
    folder = await workspace.project({ name: 'types', files: { 'package.json': '{}', ...files } })
  })
  after(() => workspace.close())

  for (const [name, compiler, options] of setUps) {
    test(`match the original's, and refuse what they should: ${name}`, () => {
      const program = [...sources].map((file) => path.join(folder, file))
      const complaints = diagnose(compiler, program, options)
      assert.deepEqual(complaints.filter(({ file }) => file !== 'pulumi-misuse.ts'), [])
      assert.deepEqual(complaints.map(({ line }) => line), refusedLines(files['pulumi-misuse.ts']))
    })
  }

  test('declare what the entry exports', () => {
    const program = current.createProgram([path.join(folder, 'pulumi-contract.ts')], node)
    assert.deepEqual(declaredFunctions(program).sort(), Object.keys(require('azure-client-token/pulumi')).sort())
  })

  /**
   * The errors in the program and in this package's declarations. The old compiler cannot read the declarations of Node.js and gRPC, and
   * the runner does not make it read them.
   * @param {TypeScript} compiler
   * @param {string[]} names
   * @param {CompilerOptions} options
   * @returns {Complaint[]}
   */
  function diagnose(compiler, names, options) {
    const program = compiler.createProgram(names, options)
    const ours = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName))
    assert.ok(ours.some(({ fileName }) => fileName.endsWith('azure-client-token/pulumi.d.ts')), 'the entry was resolved')
    const checks = [program.getSyntacticDiagnostics, program.getSemanticDiagnostics]
    const diagnostics = ours.flatMap((file) => checks.flatMap((check) => check(file)))
    return diagnostics.map((diagnostic) => complaint(compiler, diagnostic))
  }

  /** @param {string} fileName */
  function isOurs(fileName) {
    return sources.includes(path.basename(fileName)) || fileName.includes('/azure-client-token/')
  }
})

/**
 * @param {TypeScript} compiler
 * @param {import('typescript').Diagnostic} diagnostic
 */
function complaint(compiler, { file, start = 0, messageText }) {
  const text = compiler.flattenDiagnosticMessageText(messageText, '\n')
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
  return { file: path.basename(file?.fileName ?? ''), line, text }
}

/** @param {string} text */
function refusedLines(text) {
  const lines = text.split('\n')
  return lines.map((line, index) => (line.includes('// refused') ? index + 1 : 0)).filter(Boolean)
}

/** @param {import('typescript').Program} program */
function declaredFunctions(program) {
  const checker = program.getTypeChecker()
  const entry = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('azure-client-token/pulumi.d.ts'))
  const symbol = entry && checker.getSymbolAtLocation(entry)
  assert.ok(symbol, 'the declarations are a module')
  const exported = checker.getExportsOfModule(symbol).filter(({ flags }) => flags & current.SymbolFlags.Function)
  return exported.map(({ name }) => name)
}
