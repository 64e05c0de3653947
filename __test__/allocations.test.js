// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { after, before, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { run } = require('./support/run')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator

before(async () => {
  emulator = await startEmulator()
})
after(() => emulator.close())

test('a warm call allocates its promise and the values of the clocks, and nothing else', async () => {
  // The rows are short, so that no garbage collection happens within one; the lowest of several rows counts.
  const script = `
    require('node:v8').setFlagsFromString('--expose-gc')
    const gc = require('node:vm').runInNewContext('gc')
    const { getClientToken } = require('./index.js')
    const calls = 1000
    async function bytesPerCall(call) {
      for (let index = 0; index < 100 * calls; index++) await call()
      const rows = []
      for (let row = 0; row < 20; row++) {
        gc()
        const before = process.memoryUsage().heapUsed
        for (let index = 0; index < calls; index++) await call()
        rows.push((process.memoryUsage().heapUsed - before) / calls)
      }
      return rows.filter((bytes) => bytes > 0).sort((a, b) => a - b)[rows.length >> 2]
    }
    async function main() {
      const args = { endpoint: 'api://warm' }
      const token = await getClientToken(args)
      // V8 allocates 16 bytes for the result of each clock, and a call must read both.
      const other = async () => (performance.now() < Infinity && Date.now() < Infinity ? token : undefined)
      console.log(JSON.stringify([await bytesPerCall(other), await bytesPerCall(() => getClientToken(args))]))
    }
    main()`
  const { code, stdout, stderr } = await run(script, { environment: emulator.environment() })
  assert.equal(code, 0, stderr)
  const [other, ours] = JSON.parse(stdout)
  assert.ok(other > 50, 'nothing is counted')
  assert.ok(ours <= other + 16, `${ours} bytes a call; an async function that reads both clocks takes ${other}`)
})
