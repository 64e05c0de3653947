// @ts-check
'use strict'

// A Next.js server whose pages and routes request a token. The test builds it from the packed package, without a network, and runs the
// standalone output in a separate folder.

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { pack } = require('../../scripts/pack')
const { installConsumer } = require('../support/consumer')
const { bareEnvironment } = require('../support/environment')
const { namespaceMissing } = require('../support/namespace')
const { installPinned } = require('../support/pinned')
const { ended } = require('../support/run')

const program = {
  'app/layout.jsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
  'app/page.jsx': `
    import { getClientToken } from 'azure-client-token'
    export const dynamic = 'force-dynamic'
    export default async () => <p>{(await getClientToken()).source}</p>`,
  'app/token/route.js': `
    import { ClientTokenError, getClientToken } from 'azure-client-token'
    export const dynamic = 'force-dynamic'
    export const GET = async () => {
      const { source } = await getClientToken()
      return Response.json({ source, error: ClientTokenError.name.length > 0 })
    }`,
}
const EXTERNAL = "export default { output: 'standalone', serverExternalPackages: ['azure-client-token'], outputFileTracingRoot: import.meta.dirname }"
const TOLD_NOTHING = "export default { output: 'standalone', outputFileTracingRoot: import.meta.dirname }"

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('../support/consumer').Consumer} */
let consumer

describe('a server of Next.js', { skip: namespaceMissing() }, () => {
  before(async () => {
    emulator = await startEmulator()
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-tarballs-'))
    const { main, platforms } = pack({ out })
    consumer = await installConsumer([main, ...Object.values(platforms)])
    fs.rmSync(out, { recursive: true })
    const next = path.join(await installPinned('bundlers/next'), 'node_modules')
    // Turbopack does not follow links out of its root, so the test copies the packages.
    fs.cpSync(next, path.join(consumer.folder, 'node_modules'), { recursive: true, verbatimSymlinks: true, mode: fs.constants.COPYFILE_FICLONE })
    for (const [name, content] of Object.entries(program)) {
      fs.mkdirSync(path.dirname(path.join(consumer.folder, name)), { recursive: true })
      consumer.write(name, content)
    }
  })
  after(async () => {
    await emulator?.close()
    consumer?.remove()
  })

  for (const bundler of ['--turbopack', '--webpack']) {
    test(`built with ${bundler} and serverExternalPackages answers with a token`, async (t) => {
      const { code, stdout, stderr } = await build(EXTERNAL, bundler)
      assert.equal(code, 0, stdout + stderr)
      const address = await started(t, path.join(consumer.folder, '.next', 'standalone'))
      assert.deepEqual(await (await fetch(`${address}/token`)).json(), { source: 'clientSecret', error: true })
      assert.match(await (await fetch(address)).text(), /<p>clientSecret<\/p>/)
    })
  }

  test('built with --turbopack without settings for the addon fails, and the error names its .node file', async () => {
    const { code, stdout, stderr } = await build(TOLD_NOTHING, '--turbopack')
    assert.equal(code, 1)
    assert.match(stdout + stderr, /azure-client-token-[\w-]+\/azure-client-token\.[\w-]+\.node/)
  })
})

/** @param {string} config @param {string} bundler */
function build(config, bundler) {
  consumer.write('next.config.mjs', config)
  fs.rmSync(path.join(consumer.folder, '.next'), { recursive: true, force: true })
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const next = path.join(consumer.folder, 'node_modules/next/dist/bin/next')
  const env = bareEnvironment({ HOME: consumer.folder, NEXT_TELEMETRY_DISABLED: '1', CI: '1' })
  return ended(spawn('unshare', ['--net', ...asRoot, process.execPath, next, 'build', bundler], { cwd: consumer.folder, env, timeout: 180_000 }))
}

/**
 * Starts the standalone server outside the folder in which it was built, so that it cannot use that folder's node_modules.
 * @param {import('node:test').TestContext} t
 * @param {string} standalone
 */
async function started(t, standalone) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-next-'))
  fs.cpSync(standalone, folder, { recursive: true, verbatimSymlinks: true })
  const address = { HOSTNAME: '127.0.0.1', PORT: String(freePort()) }
  const env = bareEnvironment({ HOME: folder, ...address, NEXT_TELEMETRY_DISABLED: '1', ...emulator.environment() })
  const server = spawn(process.execPath, ['server.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(async () => {
    server.kill()
    await once(server, 'exit')
    fs.rmSync(folder, { recursive: true })
  })
  for await (const line of server.stdout) if (String(line).includes('Ready')) break
  return `http://${address.HOSTNAME}:${address.PORT}`
}

/** A port that was free a moment ago, because Next.js uses its default port for 0. */
function freePort() {
  const script = "const server = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(server.address().port); server.close() })"
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout)
}
