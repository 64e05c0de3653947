// @ts-check
'use strict'

const path = require('node:path')
const ts = require('typescript')
const { environmentNames } = require('../../js/binding').binding()

const root = path.join(__dirname, '..', '..')

/**
 * Every name under which a setting, an option or a part of a result may be looked for: what the declarations have, those
 * of native code too, and the variables.
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
