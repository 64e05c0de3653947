// @ts-check
'use strict'

// Faults of the machine itself. A separate process (fault-process.js) provokes those that would disturb other tests.

const { execFileSync, spawn, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { bareEnvironment } = require('./environment')
const { namespaceMissing, runInNamespace } = require('./namespace')
const { ended } = require('./run')

/**
 * Starts a process that provokes the fault with the given name; `missing` returns the reason to skip it here, or false.
 * @typedef {object} OwnProcess
 * @property {(name: string) => ReturnType<typeof ended>} start
 * @property {() => string | false} missing
 */

const PROGRAM = path.join(__dirname, 'fault-process.js')
/** No server listens there: the fault happens before a request. */
const NOWHERE = { AZURE_AUTHORITY_HOST: 'https://localhost:1/' }
/** The only local port for a connection, and the server's port. */
const [ONLY_PORT, SERVER_PORT] = [40_000, 40_001]

/** @param {string} name @param {Record<string, string>} [environment] @param {string[]} [before] a command that starts it */
function started(name, environment, before = []) {
  const [program, ...words] = [...before, process.execPath, PROGRAM, name]
  return ended(spawn(program, words, { env: bareEnvironment(environment) }))
}

/** Loads the package's files and compiles its code, so that the shortage affects only the call. */
async function loadAll() {
  const { ClientTokenCredential, ClientTokenError, clearCache } = require('../..')
  if (ClientTokenError) clearCache()
  const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId: 'a-tenant', clientId: 'a-client', clientSecret: 'a-secret' })
  await credential.getClientToken({}, { signal: AbortSignal.abort() }).catch(() => {})
}

/** @type {OwnProcess} */
const withFewDescriptors = {
  start: (name) => started(name, {}, ['/bin/sh', '-c', 'ulimit -n 64; exec "$@"', 'sh']),
  missing: () => process.platform === 'win32' && 'needs POSIX limits of descriptors',
}

async function takeAllDescriptors() {
  await loadAll()
  try {
    for (;;) fs.openSync(os.devNull, 'r')
  } catch {
    return NOWHERE
  }
}

/** A preloaded library makes calls fail: limits of threads do not apply to root, and without memory V8 ends the process. @type {OwnProcess} */
const withShortages = {
  async start(name) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'short-of-'))
    try {
      const library = path.join(folder, 'short-of.so')
      execFileSync('cc', ['-shared', '-fPIC', '-o', library, path.join(__dirname, 'short-of.c'), '-ldl'])
      return await started(name, { LD_PRELOAD: library, SHORT_OF: path.join(folder, 'now') })
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  },
  missing: () => absent('cc', '--version'),
}

/** @param {string} call @param {number} number */
const shortOf = (call, number) => () => {
  fs.writeFileSync(String(process.env.SHORT_OF), `${call} ${number}`)
  return NOWHERE
}

/** Kilobytes: less than the stack of a thread, which has 2 MiB. */
const NO_STACK = 1792

/** @type {OwnProcess} */
const withOnePort = {
  start: (name) => inNamespace(name, `echo ${ONLY_PORT} ${ONLY_PORT} > /proc/sys/net/ipv4/ip_local_port_range`),
  missing: namespaceMissing,
}

async function takeThePort() {
  const server = net.createServer().listen(SERVER_PORT, '127.0.0.1').unref()
  await once(server, 'listening')
  await once(net.connect(SERVER_PORT, '127.0.0.1').unref(), 'connect')
  return { AZURE_AUTHORITY_HOST: `https://localhost:${SERVER_PORT}/` }
}

/** A file system whose server never answers, like a network drive whose server is down. @type {OwnProcess} */
const withHungFiles = {
  start: (name) => inNamespace(name, 'exec 5<>/dev/fuse && mount -i -t fuse -o fd=5,rootmode=40000,user_id=0,group_id=0 none "$HUNG"'),
  missing: () => namespaceMissing() || (spawnSync('sh', ['-c', 'exec 5<>/dev/fuse']).status !== 0 && 'needs /dev/fuse'),
}

/** @param {string} name @param {string} shell */
async function inNamespace(name, shell) {
  const script = `process.argv[2] = ${JSON.stringify(name)}; require(${JSON.stringify(PROGRAM)})`
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hung-'))
  try {
    return await runInNamespace(script, { environment: { HUNG: folder }, shell })
  } finally {
    fs.rmdirSync(folder)
  }
}

/** @param {string} file */
const certificate = (file) => ({ ...NOWHERE, ARM_CLIENT_SECRET: '', ARM_CLIENT_CERTIFICATE_PATH: file })

/** @param {{ caFile: string }} servers whose folder is deleted with the pipe */
function namedPipe({ caFile }) {
  const file = path.join(path.dirname(caFile), 'pipe.pem')
  execFileSync('mkfifo', [file])
  return certificate(file)
}

/** @param {string} program @param {string} word */
function absent(program, word) {
  if (process.platform !== 'linux') return 'needs Linux'
  return spawnSync(program, [word]).status !== 0 && `${program} is not installed`
}

/** @param {import('../..').ExhaustedResource} resource @param {string} says */
const exhausted = (resource, says) => /** @type {const} */ ({ error: 'ResourceExhaustedError', code: 'ERR_RESOURCE_EXHAUSTED', retryable: true, resource, says })

const machineFaults = /** @type {const} */ ([
  { fault: 'no file descriptor is free', ownProcess: withFewDescriptors, prepare: takeAllDescriptors, expects: exhausted('descriptors', 'too many files and connections are open'), within: 1000 },
  { fault: 'no further thread can be started', ownProcess: withShortages, prepare: shortOf('pthread_create', os.constants.errno.EAGAIN), expects: exhausted('threads', 'the operating system starts no further thread'), within: 1000 },
  { fault: 'no memory is left for a thread', ownProcess: withShortages, prepare: shortOf('memory', NO_STACK), expects: exhausted('threads', 'the operating system starts no further thread'), within: 1000 },
  { fault: 'no local port is free', ownProcess: withOnePort, prepare: takeThePort, expects: { error: 'NetworkError', code: 'ERR_NETWORK', phase: 'connect', retryable: true, says: 'this machine has no free port for it' }, within: 5000 },
  { fault: 'the certificate is a named pipe', prepare: namedPipe, missing: () => process.platform === 'win32' && 'named pipes are not files on Windows', expects: { error: 'ConfigurationError', code: 'ERR_CONFIGURATION', retryable: false, says: 'it is not a file' }, within: 1000 },
  { fault: 'the certificate\'s disk does not answer', ownProcess: withHungFiles, prepare: () => certificate(`${process.env.HUNG}/certificate.pem`), timeout: 1000, expects: { error: 'TimeoutError', code: 'ERR_TIMEOUT', phase: 'prepare', retryable: true, says: 'files and keys were being read' } },
])

module.exports = { machineFaults }
