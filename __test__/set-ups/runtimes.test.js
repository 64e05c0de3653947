// @ts-check
'use strict'

// The packed package in each version of Node.js, with the flags that restrict modules, and in threads and processes.

const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { missingHosts } = require('../support/hosts')
const { installPinned } = require('../support/pinned')
const { TOKEN, makeProject } = require('./project')

const FLAGS = [
  ['--frozen-intrinsics'],
  ['--disallow-code-generation-from-strings'],
  ['--disable-proto=delete'],
  ['--disable-proto=throw'],
  ['--jitless'],
  ['--use-strict'],
  ['--preserve-symlinks', '--preserve-symlinks-main'],
  ['--pending-deprecation', '--throw-deprecation'],
  ['--max-old-space-size=20'],
  ['--enable-source-maps'],
  ['--unhandled-rejections=strict'],
]

const FAILURE = "require('azure-client-token').getClientToken().catch(({ name, code, message }) => console.log(JSON.stringify({ name, code, message })))"

/** Each thread and process gets a token, and prints its source. */
const THREADS = `
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { once } = require('node:events')
const cluster = require('node:cluster')
const { fork } = require('node:child_process')
const vm = require('node:vm')

const source = async () => (await require('azure-client-token').getClientToken()).source
const inWorker = async (options) => (await once(new Worker(__filename, options), 'message'))[0]
const inProcess = async (child) => (await once(child, 'message'))[0]

async function main() {
  const workers = await Promise.all([{}, {}, {}, { resourceLimits: { maxOldGenerationSizeMb: 32 } }].map(inWorker))
  const ended = new Worker(__filename)
  await ended.terminate()
  const forked = await inProcess(fork(__filename, ['child']))
  const clustered = await inProcess(cluster.fork())
  const inContext = await vm.runInNewContext('source()', { source })
  console.log(JSON.stringify([...workers, forked, clustered, inContext, await source()]))
}

if (!isMainThread) source().then((found) => parentPort.postMessage(found))
else if (process.argv[2] === 'child' || cluster.isWorker) source().then((found) => process.send(found, () => process.disconnect()))
else main()`

/** A worker whose environment is empty: its credential's options have the whole login. */
const EMPTY_WORKER = `
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const fs = require('node:fs')

async function main() {
  const { AZURE_AUTHORITY_HOST: authorityHost, ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret } = process.env
  const ca = fs.readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8')
  const options = { credential: 'clientSecret', authorityHost, tenantId, clientId, clientSecret, ca }
  new Worker(__filename, { env: {}, workerData: options }).once('message', (told) => console.log(JSON.stringify(told)))
}

async function answer() {
  const { ClientTokenCredential } = require('azure-client-token')
  const { source } = await new ClientTokenCredential(workerData).getToken('https://vault.azure.net/.default')
  parentPort.postMessage({ variables: Object.keys(process.env), source })
}

if (isMainThread) main()
else answer()`

/** @type {import('./project').Project} */
let project
/** @type {string} */
let nodes

describe('the packed package', { skip: missingHosts() }, () => {
  before(async () => {
    project = await makeProject()
    nodes = path.join(await installPinned('set-ups/nodes'), 'node_modules')
    for (const [name, program] of Object.entries(TOKEN)) project.write(name, program)
    project.write('failure.cjs', FAILURE)
    project.write('threads.cjs', THREADS)
    project.write('empty-worker.cjs', EMPTY_WORKER)
  })
  after(() => project?.remove())

  for (const version of ['20', '22', '24', '25', '26']) {
    describe(`in Node.js ${version}`, () => {
      for (const flags of [[], ...FLAGS]) {
        test(`gets a token with ${flags.join(' ') || 'no flag'}`, async () => {
          for (const program of Object.keys(TOKEN)) assert.deepEqual(await run(version, flags, program), { source: 'clientSecret' })
        })
      }

      test('gets a token under the permission model that allows addons', async () => {
        const flags = [permission(version), '--allow-addons', `--allow-fs-read=${project.folder}/*`, `--allow-fs-read=${project.environment.NODE_EXTRA_CA_CERTS}`]
        assert.deepEqual(await run(version, flags, 'token.cjs'), { source: 'clientSecret' })
      })

      test('says which flag is missing under the permission model that allows none, and with --no-addons', async () => {
        for (const flags of [[permission(version), `--allow-fs-read=${project.folder}/*`], ['--no-addons']]) {
          const { name, code, message } = await run(version, flags, 'failure.cjs')
          assert.deepEqual({ name, code }, { name: 'ClientTokenError', code: 'ERR_ADDON' })
          assert.match(message, /--allow-addons|--no-addons/)
        }
      })

      test('gets a token in workers, a forked process, a cluster and another context', async () => {
        assert.deepEqual(await run(version, [], 'threads.cjs'), Array(8).fill('clientSecret'))
      })

      test('gets a token in a worker with an empty environment', async () => {
        assert.deepEqual(await run(version, [], 'empty-worker.cjs'), { variables: [], source: 'clientSecret' })
      })
    })
  }
})

/**
 * @param {string} version
 * @param {string[]} flags
 * @param {string} program
 */
function run(version, flags, program) {
  return project.run(path.join(nodes, `node${version}`, 'bin', 'node'), [...flags, path.join(project.folder, program)])
}

/** @param {string} version */
function permission(version) {
  return Number(version) < 24 ? '--experimental-permission' : '--permission'
}
