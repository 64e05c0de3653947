// @ts-check
'use strict'

// The packed package under test runners, which replace modules, clocks and threads, and under loaders of TypeScript.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { bareEnvironment } = require('../support/environment')
const { missingHosts } = require('../support/hosts')
const { installPinned } = require('../support/pinned')
const { ended } = require('../support/run')
const { makeProject } = require('./project')

const JEST = { testEnvironment: 'node', transform: {}, moduleFileExtensions: ['cjs', 'mjs', 'js', 'json', 'node'] }

/** @type {import('./project').Project} */
let project
/** @type {string} */
let modules

describe('the packed package', { skip: missingHosts() }, () => {
  before(async () => {
    project = await makeProject()
    modules = path.join(await installPinned('set-ups/runners'), 'node_modules')
    project.link(modules)
    const programs = path.join(__dirname, 'programs')
    for (const name of fs.readdirSync(programs)) project.write(name, fs.readFileSync(path.join(programs, name), 'utf8'))
    project.write('vitest.config.mjs', "export default { test: { include: ['token.vitest.mjs'] } }")
    project.write('inlined.config.mjs', "export default { test: { include: ['token.vitest.mjs'], server: { deps: { inline: ['azure-client-token'] } } } }")
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'commonjs', strict: true, types: [], skipLibCheck: true, lib: ['es2022', 'dom'] } }))
  })
  after(() => project?.remove())

  describe('under jest', () => {
    const commonJs = ['--testMatch', '**/token.jest.cjs']
    for (const [name, more] of /** @type {[string, string[]][]} */ ([
      ['in its process', ['--runInBand', ...commonJs]],
      ['in worker threads', ['--workerThreads', '--maxWorkers=2', ...commonJs]],
      ['that looks for open handles', ['--detectOpenHandles', ...commonJs]],
    ])) {
      test(name, async () => assertPassed(await jest(more), 8))
    }

    test('that replaces every module by a mock', async () => assertPassed(await jest(['--automock', '--testMatch', '**/automock.jest.cjs']), 2))

    test('with modules', async () => assertPassed(await jest(['--testMatch', '**/token.jest.mjs'], ['--experimental-vm-modules']), 3))
  })

  for (const pool of ['threads', 'forks', 'vmThreads', 'vmForks']) {
    test(`under vitest, pool ${pool}`, async () => assertPassed(await vitest(['--pool', pool]), 5))
  }
  test('under vitest, inlined', async () => assertPassed(await vitest(['--config', 'inlined.config.mjs']), 5))

  for (const more of [[], ['--parallel']]) {
    test(`under mocha ${more.join(' ')}`, async () => {
      const { stats } = JSON.parse(await output([bin('mocha', 'bin/mocha.js'), '--reporter', 'json', ...more, 'token.mocha.cjs']))
      assert.deepEqual([stats.passes, stats.failures], [3, 0])
    })
  }

  test("under Node.js's own runner", async () => {
    assert.match(await output(['--test', '--test-reporter=tap', 'token.node.cjs']), /^# pass 4$/m)
  })

  for (const [name, parameters] of /** @type {[string, string[]][]} */ ([
    ['tsx', ['--import', 'tsx', 'token.ts']],
    ['tsx, a module', ['--import', 'tsx', 'token.mts']],
    ['ts-node', ['--require', 'ts-node/register', 'token.ts']],
    ['ts-node without type checks', ['--require', 'ts-node/register/transpile-only', 'token.ts']],
    ['@swc-node/register', ['--require', '@swc-node/register', 'token.ts']],
  ])) {
    test(`under ${name}`, async () => assert.deepEqual(JSON.parse(await output(parameters)), { source: 'clientSecret' }))
  }

  test("under Node.js's own removal of types", async () => {
    const nodes = path.join(await installPinned('set-ups/nodes'), 'node_modules')
    for (const [version, flags] of /** @type {[string, string[]][]} */ ([['node22', ['--experimental-strip-types']], ['node24', []], ['node26', []]])) {
      const told = await project.run(path.join(nodes, version, 'bin', 'node'), [...flags, '--no-warnings', 'token.mts'])
      assert.deepEqual(told, { source: 'clientSecret' }, version)
    }
  })
})

/**
 * @param {string[]} more
 * @param {string[]} [flags] of Node.js
 */
async function jest(more, flags = []) {
  return JSON.parse(await output([...flags, bin('jest', 'bin/jest.js'), '--json', '--config', JSON.stringify(JEST), '--rootDir', project.folder, ...more]))
}

/** @param {string[]} more */
async function vitest(more) {
  const report = path.join(project.folder, 'report.json')
  await output([bin('vitest', 'vitest.mjs'), 'run', '--reporter=json', `--outputFile=${report}`, ...more])
  return JSON.parse(fs.readFileSync(report, 'utf8'))
}

/**
 * @param {any} report in the format of jest and vitest
 * @param {number} count
 */
function assertPassed(report, count) {
  const failures = report.testResults.flatMap((/** @type {any} */ file) => [file.message, ...file.assertionResults.flatMap((/** @type {any} */ one) => one.failureMessages)])
  assert.deepEqual([report.numPassedTests, report.numFailedTests, report.success], [count, 0, true], failures.join('\n'))
}

/**
 * @param {string} name
 * @param {string} file
 */
function bin(name, file) {
  return path.join(modules, name, file)
}

/**
 * The output of a program of the project, which must end by itself.
 * @param {string[]} parameters of Node.js
 */
async function output(parameters) {
  const env = bareEnvironment({ HOME: project.folder, ...project.environment })
  const { code, stdout, stderr } = await ended(spawn(process.execPath, parameters, { cwd: project.folder, env, timeout: 120_000 }))
  assert.ok(stdout.length > 0, `nothing was printed, exit code ${code}: ${stderr}`)
  return stdout
}
