// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const ts = require('typescript')

/**
 * The declarations of a file and their members, including those of nested objects, that have no comment. Members of type `never`, which
 * only forbid a name, and those in a conditional type's condition do not need one.
 * @param {string} text
 * @returns {string[]}
 */
function undocumented(text) {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true)
  return source.statements.flatMap((statement) => [...(isDocumented(statement) ? [] : [nameOf(statement)]), ...undocumentedMembers(statement, nameOf(statement))])
}

/**
 * @param {ts.Node} node
 * @param {string} name
 * @returns {string[]}
 */
function undocumentedMembers(node, name) {
  /** @type {string[]} */
  const found = []
  ts.forEachChild(node, (child) => {
    const isMember = ts.isTypeElement(child) || ts.isClassElement(child)
    const path = isMember ? `${name}.${nameOf(child)}` : name
    if (isMember && !isDocumented(child)) found.push(path)
    if (!ts.isConditionalTypeNode(child)) found.push(...undocumentedMembers(child, path))
  })
  return found
}

/** @param {ts.Node} node */
function isDocumented(node) {
  if ('type' in node && /** @type {ts.Node} */ (node.type)?.kind === ts.SyntaxKind.NeverKeyword) return true
  return ts.isExportDeclaration(node) || ts.isImportDeclaration(node) || ts.getJSDocCommentsAndTags(node).length > 0
}

/** @param {ts.Node} node */
function nameOf(node) {
  return 'name' in node ? /** @type {ts.Node} */ (node.name)?.getText() : ts.SyntaxKind[node.kind]
}

for (const file of ['index.d.ts', 'identity.d.ts', 'pulumi.d.ts', 'redis.d.ts']) {
  test(`every member of ${file} is documented`, () => {
    assert.deepEqual(undocumented(fs.readFileSync(path.join(__dirname, '..', file), 'utf8')), [])
  })
}

test('the test finds a member without a comment', () => {
  assert.deepEqual(undocumented('/** A. */\nexport interface A {\nb: string\n/** C. */\nc: string\nd?: never\n/** F. */\nf?: { g: string }\n}\nexport type E = string'), ['A.b', 'A.f.g', 'E'])
})
