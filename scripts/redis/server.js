// @ts-check
'use strict'

// A real Redis on loopback, for tests and benchmarks: the machine's, or Debian's, unpacked into .cache. It starts without
// data and password, and ends when it is closed.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { debianRoot } = require('../cross/debian')
const pins = require('../cross/pins.json')
const { redisCommand } = require('./protocol')

const root = path.join(__dirname, '..', '..')

/** @typedef {{ file: string, env: NodeJS.ProcessEnv }} Program */

/** @returns {string | false} the reason to skip a test without Redis, or false */
function missingRedis() {
  if (onPath('redis-server') || isDebian()) return false
  return 'redis-server is not installed, and cannot be fetched: that needs x64 Linux with apt-get and dpkg-deb'
}

function isDebian() {
  return process.platform === 'linux' && process.arch === 'x64' && onPath('apt-get') && onPath('dpkg-deb')
}

/** @param {string} name */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return folders.some((folder) => fs.existsSync(path.join(folder, name)))
}

/** @returns {Program} */
function redisProgram() {
  if (onPath('redis-server')) return { file: 'redis-server', env: process.env }
  const folder = debianRoot(path.join(root, '.cache', 'redis-server'), pins.redis)
  const libraries = ['usr/lib', 'lib'].map((place) => path.join(folder, place, 'x86_64-linux-gnu')).join(':')
  return { file: path.join(folder, 'usr', 'bin', 'redis-server'), env: { ...process.env, LD_LIBRARY_PATH: libraries } }
}

/**
 * @typedef {object} Options
 * @property {string[]} [settings] more lines of redis.conf than the port and the folder
 * @property {boolean} [isSentinel]
 */

class RedisServer {
  /** @type {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, null> | undefined} */
  #process
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-redis-'))

  /** @param {number} port @param {Options} options */
  constructor(port, { settings = [], isSentinel = false }) {
    this.port = port
    this.url = `redis://127.0.0.1:${port}`
    this.parameters = [path.join(this.#folder, 'redis.conf'), ...(isSentinel ? ['--sentinel'] : [])]
    // A sentinel writes to its file, and has no data to save.
    const own = [`port ${port}`, 'bind 127.0.0.1', `dir ${this.#folder}`, 'loglevel warning', ...(isSentinel ? [] : ['save ""'])]
    fs.writeFileSync(this.parameters[0], [...own, ...settings, ''].join('\n'))
  }

  async start() {
    const { file, env } = redisProgram()
    const child = spawn(file, this.parameters, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#process = child
    let printed = ''
    child.stdout.on('data', (data) => { printed += data })
    await until(() => {
      if (child.exitCode !== null) throw new Error(`redis-server ended: ${printed}`)
      return this.command('PING').then(() => true, () => false)
    })
    return this
  }

  /** Sends one command over its own connection. @param {string[]} words */
  command(...words) {
    return redisCommand(this.port, words)
  }

  /** Makes it neither answer nor end, like an overloaded machine. */
  hang() {
    this.#process?.kill('SIGSTOP')
  }

  goOn() {
    this.#process?.kill('SIGCONT')
  }

  /** Ends it: its data is lost, and connections to it are refused. */
  async stop() {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** Returns everything that it would write to its disk. */
  async dump() {
    await this.command('SAVE')
    const file = path.join(this.#folder, 'dump.rdb')
    const content = fs.readFileSync(file)
    // The next start would read it again.
    fs.rmSync(file)
    return content
  }

  /** Records every command that it receives from now on. @returns {Promise<{ text(): string, end(): void }>} */
  async monitor() {
    const socket = net.connect(this.port, '127.0.0.1')
    let text = ''
    socket.on('data', (data) => { text += data })
    socket.write('MONITOR\r\n')
    await once(socket, 'data')
    return { text: () => text, end: () => socket.destroy() }
  }

  async close() {
    await this.stop()
    fs.rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** @param {Options} [options] */
async function startRedis(options = {}) {
  return new RedisServer(await freePort(), options).start()
}

/** Starts a cluster of one primary with all slots, and its replica. */
async function startCluster() {
  const settings = ['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1', 'cluster-node-timeout 2000']
  const [primary, replica] = await Promise.all([startRedis({ settings }), startRedis({ settings })])
  await primary.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await replica.command('CLUSTER', 'MEET', '127.0.0.1', String(primary.port))
  const id = await primary.command('CLUSTER', 'MYID')
  await until(() => replica.command('CLUSTER', 'REPLICATE', id).then(() => true, () => false))
  await until(async () => (await primary.command('CLUSTER', 'INFO')).includes('cluster_state:ok'))
  await until(async () => (await replica.command('INFO', 'replication')).includes('master_link_status:up'))
  return { primary, replica }
}

/** Starts a primary, its replica, and a sentinel that watches them under the name `main`. */
async function startSentinel() {
  const primary = await startRedis()
  const replica = await startRedis({ settings: [`replicaof 127.0.0.1 ${primary.port}`] })
  await until(async () => (await replica.command('INFO', 'replication')).includes('master_link_status:up'))
  const sentinel = await startRedis({ settings: [`sentinel monitor main 127.0.0.1 ${primary.port} 1`], isSentinel: true })
  return { primary, replica, sentinel }
}

/** @param {() => Promise<boolean>} condition */
async function until(condition) {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return
    await sleep(25)
  }
  throw new Error('Redis was not ready within ten seconds')
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** @typedef {RedisServer} Server */

module.exports = { RedisServer, freePort, missingRedis, startCluster, startRedis, startSentinel, until }
