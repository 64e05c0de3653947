// @ts-check
'use strict'

// @pulumi/pulumi is an optional peer: programs that do not use the entry for Pulumi neither install nor load it.

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { mkdtemp, rm } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { startEmulator } = require('../emulator')
const { execute, loopbackOnly } = require('./support/pulumi-program')
const { copyPackage, root } = require('./support/pulumi-workspace')

const getAToken = "require('azure-client-token').getClientToken().then(({ source }) => console.log(source, loadedOfPulumi()))"
const loadedOfPulumi = "function loadedOfPulumi() { return Object.keys(require.cache).filter((file) => file.includes('@pulumi')).length }"

describe('@pulumi/pulumi', () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */ let emulator
  /** @type {string} */ let alone

  before(async () => {
    emulator = await startEmulator()
    alone = await mkdtemp(path.join(tmpdir(), 'without-pulumi-'))
    await copyPackage(path.join(alone, 'node_modules', 'azure-client-token'))
  })
  after(() => Promise.all([emulator.close(), rm(alone, { recursive: true, force: true })]))

  test('is not loaded by the main entry, even where it is installed', async () => {
    assert.equal(await printed(root, getAToken), 'clientSecret 0')
  })

  test('is not needed by the main entry', async () => {
    assert.equal(await printed(alone, getAToken), 'clientSecret 0')
  })

  test('is required by the entry for Pulumi programs, with a helpful message', async () => {
    const load = "try { require('azure-client-token/pulumi') } catch (error) { console.log(error.message) }"
    assert.match(await printed(alone, load), /needs the package @pulumi\/pulumi .* use azure-client-token\.$/)
  })

  /**
   * @param {string} cwd
   * @param {string} program
   */
  async function printed(cwd, program) {
    const env = loopbackOnly(emulator.environment())
    const { code, output } = await execute(['-e', `${loadedOfPulumi}; ${program}`], { cwd, env })
    assert.equal(code, 0, output)
    return output.trim()
  }
})
