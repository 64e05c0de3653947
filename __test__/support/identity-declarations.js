// @ts-check
'use strict'

// The options that @azure/identity declares, read from its declarations by the compiler: `proxyOptions.host` for a member of an object.

const path = require('node:path')
const ts = require('typescript')

const entry = path.join(path.dirname(require.resolve('@azure/identity/package.json')), 'dist', 'commonjs', 'index.d.ts')

/** The packages whose object types are options. */
const DECLARED_BY_AZURE = /node_modules\/@(azure|typespec)\//

/** @returns {{ classes: Record<string, string[]>, call: string[] }} the options of each credential's constructor, and of a call of getToken */
function declaredOptions() {
  const program = ts.createProgram([entry], { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, lib: ['lib.es5.d.ts'], types: [], skipLibCheck: true })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(entry)
  const symbol = source && checker.getSymbolAtLocation(source)
  if (symbol === undefined) throw new Error('the declarations of @azure/identity are no module')
  const exported = checker.getExportsOfModule(symbol).map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one))
  const credentials = exported.filter(({ name, flags }) => flags & ts.SymbolFlags.Class && name.endsWith('Credential'))
  const classes = credentials.map((one) => [one.name, parameters(checker, checker.getTypeOfSymbol(one).getConstructSignatures())])
  const call = exported.find(({ name }) => name === 'GetTokenOptions')
  return { classes: Object.fromEntries(classes), call: call ? members(checker, checker.getDeclaredTypeOfSymbol(call)) : [] }
}

/** @param {import('typescript').TypeChecker} checker @param {readonly import('typescript').Signature[]} signatures */
function parameters(checker, signatures) {
  const types = signatures.flatMap((signature) => signature.parameters.map((parameter) => checker.getTypeOfSymbol(parameter)))
  return [...new Set(types.flatMap((type) => members(checker, type)))]
}

/**
 * @param {import('typescript').TypeChecker} checker
 * @param {import('typescript').Type} type
 * @param {string} [prefix]
 * @returns {string[]}
 */
function members(checker, type, prefix = '') {
  return parts(type).filter((part) => isBag(checker, part)).flatMap((part) => checker.getPropertiesOfType(part).flatMap((property) => {
    const name = prefix + property.name
    const inner = prefix ? [] : parts(checker.getTypeOfSymbol(property)).filter((one) => isOfAzure(one)).flatMap((one) => members(checker, one, `${name}.`))
    return inner.length > 0 ? inner : [name]
  }))
}

/** @param {import('typescript').Type} type */
function parts(type) {
  return type.isUnion() ? type.types : [type]
}

/** @param {import('typescript').TypeChecker} checker @param {import('typescript').Type} type */
function isBag(checker, type) {
  const isObject = type.isIntersection() || Boolean(type.flags & ts.TypeFlags.Object)
  return isObject && !checker.isArrayType(type) && type.getCallSignatures().length === 0
}

/** @param {import('typescript').Type} type @returns {boolean} */
function isOfAzure(type) {
  if (type.isIntersection()) return type.types.every(isOfAzure)
  return (type.symbol?.declarations ?? []).some((one) => DECLARED_BY_AZURE.test(one.getSourceFile().fileName))
}

module.exports = { declaredOptions }
