// @ts-check
'use strict'

const path = require('node:path')
const ts = require('typescript')
const { environmentNames } = require('../../js/binding').binding()

const root = path.join(__dirname, '..', '..')

/**
 * Every name of a setting, an option or a member of a result: the names in the declarations, those of native code included, and the
 * variables.
 * @returns {string[]}
 */
function declaredNames() {
  const declarations = ['index.d.ts', 'pulumi.d.ts', 'binding.d.ts', 'js/native.d.ts'].map((file) => path.join(root, file))
  const members = declarations.flatMap((file) => memberNames(ts.createSourceFile(file, ts.sys.readFile(file) ?? '', ts.ScriptTarget.ES2022)))
  return [...new Set([...members, ...environmentNames()])].sort()
}

/**
 * @param {import('typescript').Node} node
 * @returns {string[]}
 */
function memberNames(node) {
  const names = ts.isPropertySignature(node) && ts.isIdentifier(node.name) ? [node.name.text] : []
  ts.forEachChild(node, (child) => void names.push(...memberNames(child)))
  return names
}

module.exports = { declaredNames }
