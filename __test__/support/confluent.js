// @ts-check
'use strict'

// Compiles the native part of @confluentinc/kafka-javascript. Its installation script downloads it from GitHub's releases by default; the
// package also contains the sources, including librdkafka's.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { npmInvocation } = require('../../scripts/npm')

const run = promisify(execFile)
const NAME = '@confluentinc/kafka-javascript'
/** The prefix of this Node.js, which contains its headers. */
const prefix = path.join(path.dirname(fs.realpathSync(process.execPath)), '..')

/** @returns {string | false} why it cannot be compiled here */
function missingCompiler() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const missing = ['g++', 'make', 'python3'].filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))))
  if (missing.length > 0) return `not on PATH: ${missing.join(', ')}; they compile the client's native part`
  if (!fs.existsSync('/usr/include/openssl/ssl.h')) return 'OpenSSL\'s headers (libssl-dev) are not installed; the client\'s native part needs them'
  return !fs.existsSync(path.join(prefix, 'include', 'node', 'node.h')) && 'this Node.js has no headers; the client\'s native part needs them'
}

/**
 * Takes minutes, once.
 * @param {string} folder with the package in its node_modules
 */
async function compileConfluent(folder) {
  const place = path.join(folder, 'node_modules', NAME)
  // The build writes this file last.
  if (fs.existsSync(path.join(place, 'build', 'Release', 'confluent-kafka-javascript.node'))) return
  const { command, parameters, shell } = npmInvocation(['rebuild', NAME, '--ignore-scripts=false', '--foreground-scripts'])
  // With static linking, librdkafka's script would download the sources of its libraries.
  const env = { ...process.env, CKJS_LINKING: 'dynamic', npm_config_build_from_source: 'true', npm_config_nodedir: prefix }
  await run(command, parameters, { cwd: folder, shell, env, timeout: 1_800_000, maxBuffer: 64 << 20 })
}

module.exports = { compileConfluent, missingCompiler }
