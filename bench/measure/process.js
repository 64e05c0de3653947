// @ts-check
'use strict'

const { spawn } = require('node:child_process')
const { performance } = require('node:perf_hooks')

/**
 * Runs a command that writes lines of JSON to its descriptor 3, and waits for its end. Rejects if the command fails or exceeds `timeout`.
 *
 * @param {string[]} command
 * @param {{ environment: Record<string, string>, timeout: number }} options
 * @returns {Promise<{ wall: number, cpu: number, peak: number, answer?: import('../types').Sample }>}
 */
async function runProcess([file, ...args], { environment, timeout }) {
  const start = performance.now()
  const child = spawn(file, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const errors = collect(child.stdio[2])
  const lines = collect(child.stdio[3])
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout)
  let wall = NaN
  child.once('exit', () => { wall = performance.now() - start })
  const [code, signal] = await ended(child).finally(() => clearTimeout(timer))
  if (signal) throw new Error(`ended by ${signal} (the time limit is ${timeout} ms)`)
  if (code !== 0) throw new Error(`exit code ${code}: ${lastWords(errors.text)}`)
  return { ...parse(lines.text), wall }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<[code: number | null, signal: string | null]>}
 */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve([code, signal]))
  })
}

/** @param {any} stream */
function collect(stream) {
  const collected = { text: '' }
  stream.setEncoding('utf8')
  stream.on('data', (/** @type {string} */ chunk) => { collected.text += chunk })
  return collected
}

/**
 * @param {string} text
 * @returns {{ cpu: number, peak: number, answer?: import('../types').Sample }}
 */
function parse(text) {
  const reports = text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  return Object.assign({ cpu: NaN, peak: NaN }, ...reports)
}

/**
 * The line of stderr that names the error, without its stack.
 *
 * @param {string} text
 */
function lastWords(text) {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean)
  return lines.find((line) => /^\w*Error\b.*:/.test(line)) ?? lines.at(-1) ?? 'no message'
}

module.exports = { runProcess }
