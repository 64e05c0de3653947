// @ts-check
'use strict'

// The native part of @confluentinc/kafka-javascript, compiled here. Its installation script fetches it from GitHub's releases; the package
// has the sources, librdkafka's too, and compiles them where it is told to.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { npmInvocation } = require('../../scripts/npm')

const run = promisify(execFile)
const NAME = '@confluentinc/kafka-javascript'
/** Of the Node.js that runs this: its headers lie beside it. */
const prefix = path.join(path.dirname(fs.realpathSync(process.execPath)), '..')

/** @returns {string | false} why it cannot be compiled here */
function missingCompiler() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const missing = ['g++', 'make', 'python3'].filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))))
  if (missing.length > 0) return `no ${missing.join(', no ')} on the PATH to compile the client's native part`
  if (!fs.existsSync('/usr/include/openssl/ssl.h')) return 'no headers of OpenSSL (libssl-dev) to compile the client\'s native part'
  return !fs.existsSync(path.join(prefix, 'include', 'node', 'node.h')) && 'no headers beside this Node.js to compile the client\'s native part'
}

/**
 * Takes minutes, once.
 * @param {string} folder whose node_modules has the package
 */
async function compileConfluent(folder) {
  const place = path.join(folder, 'node_modules', NAME)
  // The compiler writes it last.
  if (fs.existsSync(path.join(place, 'build', 'Release', 'confluent-kafka-javascript.node'))) return
  const { command, parameters, shell } = npmInvocation(['rebuild', NAME, '--ignore-scripts=false', '--foreground-scripts'])
  // Linked at run time: else librdkafka's own script fetches the sources of its libraries from their sites.
  const env = { ...process.env, CKJS_LINKING: 'dynamic', npm_config_build_from_source: 'true', npm_config_nodedir: prefix }
  await run(command, parameters, { cwd: folder, shell, env, timeout: 1_800_000, maxBuffer: 64 << 20 })
}

module.exports = { compileConfluent, missingCompiler }
