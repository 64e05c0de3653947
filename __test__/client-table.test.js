// @ts-check
'use strict'

// The table of docs/clients.md: every client has a row, every row an example, and every example a test that runs it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const manifest = require('../package.json')

const root = path.join(__dirname, '..')
const examples = path.join(root, 'examples', 'clients')

/** The supported clients; one with two hooks is listed twice. */
const CLIENTS = [
  '@azure/keyvault-secrets', '@azure/arm-resources', '@azure/storage-blob', '@microsoft/microsoft-graph-client', 'openai', 'openai', '@langchain/openai', '@ai-sdk/azure',
  'pg', 'postgres', 'mysql2', 'tedious', 'mssql', 'redis', 'ioredis', 'mongodb', 'kafkajs', '@confluentinc/kafka-javascript', 'azure-devops-node-api',
]

/** The test files that the table names, and the step of CI that runs them. @type {Record<string, { files: string[], step: RegExp }>} */
const TESTS = {
  first: { files: ['client-programs.test.js', 'client-examples.test.js'], step: /step 'install and test' npm install-test/ },
  second: { files: ['clients/programs.test.js', 'clients/kafka.test.js'], step: /step 'clients' npm run test:client-programs/ },
}

const rows = tableOf(fs.readFileSync(path.join(root, 'docs', 'clients.md'), 'utf8'))

test('each hook of a client has one row, with an example that requires or imports it', () => {
  assert.deepEqual(rows.map(({ client }) => client).sort(), [...CLIENTS].sort())
  for (const { client, example } of rows) {
    const source = fs.readFileSync(path.join(examples, example), 'utf8')
    // These two examples get their client as an argument.
    const says = ['redis', 'ioredis'].includes(client) ? /credential\.watch\(/ : new RegExp(`(require\\(|from )'${client}[/']`)
    assert.match(source, says, example)
  }
})

test('each example has a row, which says what it needs and what it is tested with', () => {
  assert.deepEqual(rows.map(({ example }) => example).sort(), fs.readdirSync(examples).sort())
  for (const row of rows) for (const [column, text] of Object.entries(row)) assert.ok(text.length > 1, `${row.client}: ${column}`)
})

test('each example is run by a test of the kind that its row names', () => {
  for (const { example, kind } of rows) {
    assert.ok(TESTS[kind], `an unknown kind of test: ${kind}`)
    assert.ok(TESTS[kind].files.some((file) => mentions(file, example)), `no test of the ${kind} kind runs ${example}`)
  }
})

test('CI runs both kinds', () => {
  const script = fs.readFileSync(path.join(root, '.ci', 'run'), 'utf8')
  for (const { step } of Object.values(TESTS)) assert.match(script, step)
  const said = manifest.scripts['test:client-programs'].split(' ')
  for (const file of TESTS.second.files) assert.ok(said.includes(`__test__/${file}`), file)
})

/** @param {string} file @param {string} example */
function mentions(file, example) {
  const source = fs.readFileSync(path.join(__dirname, file), 'utf8')
  const name = example.replace('.', '\\.')
  return new RegExp(`'${name}'|examples/clients/${example.replace(/\.js$/, '')}'`).test(source)
}

/** @param {string} paper */
function tableOf(paper) {
  const lines = paper.split('\n').filter((line) => /^\| `/.test(line) && line.includes('](../examples/clients/'))
  return lines.map((line) => {
    const [client, example, hook, needs, tested, kind] = line.split('|').slice(1, -1).map((cell) => cell.trim())
    const [, file] = /\]\(\.\.\/examples\/clients\/([\w.-]+)\)/.exec(example) ?? ['', '']
    return { client: client.replaceAll('`', ''), example: file, hook, needs, tested, kind }
  })
}
