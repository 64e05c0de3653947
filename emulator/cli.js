#!/usr/bin/env node
// @ts-check
'use strict'

// The emulator as a program: prints where it listens and which variables a program must set to log in, and runs until it is
// ended.

const { setTimeout: sleep } = require('node:timers/promises')
const { parseArgs } = require('node:util')
const { startEmulator } = require('./index')
const { endOfParent, isStartedByNpx } = require('./parent')

/** How many milliseconds the process waits at its end for a stderr that accepts nothing. */
const PATIENCE = 2000

const USAGE = `Usage: azure-client-token-emulator [--port NUMBER] [--host ADDRESS] [--token-lifetime SECONDS] [--json] [--exit-with-parent]

Runs a local Microsoft Entra ID for tests, on a loopback address.

  --port NUMBER              the port of the https server; default: a free one
  --host ADDRESS             a loopback address; default: 127.0.0.1
  --token-lifetime SECONDS   how long its tokens are valid
  --json                     print one line of JSON, and end when stdin ends: for a program that starts it
  --exit-with-parent         end when the process that started it does, as under npx
  --help                     print this text

Example: azure-client-token-emulator --port 8443`

/**
 * @typedef {{ port?: number, host?: string, tokenLifetime?: number, json: boolean, help: boolean, isEndedByParent: boolean }} Options
 * @typedef {import('./index').Emulator} Emulator
 */

/** @param {string[]} args @returns {Options} */
function parsed(args) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'token-lifetime': { type: 'string' },
      json: { type: 'boolean', default: false },
      'exit-with-parent': { type: 'boolean', default: isStartedByNpx() },
      help: { type: 'boolean', default: false },
    },
  })
  const { host, json, help } = values
  const [tokenLifetime, isEndedByParent] = [number('--token-lifetime', values['token-lifetime']), values['exit-with-parent']]
  return { host, json, help, port: port(values.port), tokenLifetime, isEndedByParent }
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function number(name, text) {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new TypeError(`${name} must be a whole number`)
  return Number(text)
}

/** @param {string | undefined} text */
function port(text) {
  const given = number('--port', text)
  if (given !== undefined && given > 65_535) throw new TypeError('--port must be 65535 at most')
  return given
}

/** @param {Options} options */
async function run({ port, host, tokenLifetime, json, isEndedByParent }) {
  const ends = isEndedByParent ? [endOfParent()] : []
  const emulator = await startEmulator({ port, host, tokenLifetime })
  const ended = Promise.race([endOfUse(json), ...ends])
  written(process.stdout, json ? login(emulator) : instructions(emulator))
  await ended
  await emulator.close()
}

/** @param {Emulator} emulator */
function login({ authorityHost, caFile, tenantId, clientId, clientSecret }) {
  return JSON.stringify({ authorityHost, caFile, tenantId, clientId, clientSecret })
}

/** Which SDKs read a variable, if not all do. @type {Record<string, string>} */
const READERS = { NODE_EXTRA_CA_CERTS: 'Node.js', SSL_CERT_FILE: 'Go, Rust, OpenSSL', REQUESTS_CA_BUNDLE: 'Python, az' }

/** @param {Emulator} emulator */
function instructions(emulator) {
  return [
    `A local Microsoft Entra ID for tests listens at ${emulator.authorityHost}.`,
    'Its keys and secrets are new at each start and protect nothing. Set these in the program that logs in:',
    '',
    ...Object.entries(emulator.sdkEnvironment()).map(([name, value]) => `  export ${name}='${value}'${name in READERS ? `   # ${READERS[name]}` : ''}`),
    '',
    'Azure SDKs ask a public host about an authority that they do not know: set disableInstanceDiscovery in their options.',
    'End it with Ctrl+C.',
  ].join('\n')
}

/**
 * @param {boolean} isStartedByProgram such a program keeps stdin open as long as it runs
 * @returns {Promise<void>}
 */
function endOfUse(isStartedByProgram) {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve)
    if (isStartedByProgram) process.stdin.once('end', resolve).resume()
  })
}

/**
 * Resolves once the text is written, or cannot be. A stopped terminal (Ctrl+S) must not stop the servers, because Node.js
 * makes a terminal's writes block.
 * @param {NodeJS.WriteStream} stream
 * @param {string} text
 * @returns {Promise<void>}
 */
function written(stream, text) {
  const { _handle } = /** @type {{ _handle?: { setBlocking?(isBlocking: boolean): void } }} */ (/** @type {unknown} */ (stream))
  if (stream.isTTY) _handle?.setBlocking?.(false)
  return new Promise((resolve) => {
    stream.once('error', () => resolve())
    stream.write(`${text}\n`, () => resolve())
  })
}

/** @param {string[]} args */
async function main(args) {
  // On this signal Node.js opens the port of its debugger, unless there is a listener.
  process.on('SIGUSR1', () => {})
  const options = parsed(args)
  if (options.help) return written(process.stdout, USAGE)
  await run(options)
}

/** @param {Error} error */
async function fail(error) {
  const text = error instanceof TypeError ? `${problemOf(error)}\n\n${USAGE}` : `${error.message}: see --help`
  await Promise.race([written(process.stderr, text), sleep(PATIENCE)])
  process.exit(error instanceof TypeError ? 2 : 1)
}

/** Node.js repeats the argument, which may be a secret. @param {TypeError & { code?: string }} error */
function problemOf({ code, message }) {
  return code?.startsWith('ERR_PARSE_ARGS') ? 'An argument is not an option of this program, or its value is missing' : message
}

main(process.argv.slice(2)).then(() => process.exit(), fail)
