#!/usr/bin/env node
// @ts-check
'use strict'

// Stand-alone: prints one line of JSON that says how to log in, and runs until a signal comes or stdin ends.

const { startEmulator } = require('./index')

async function main() {
  const emulator = await startEmulator()
  const { authorityHost, caFile, tenantId, clientId, clientSecret } = emulator
  console.log(JSON.stringify({ authorityHost, caFile, tenantId, clientId, clientSecret }))
  await endOfUse()
  await emulator.close()
}

/** @returns {Promise<void>} */
function endOfUse() {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
    process.stdin.once('end', resolve).resume()
  })
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error)
    process.exit(1)
  }
)
