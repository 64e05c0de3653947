// @ts-check
'use strict'

// Writes to stdout and stderr without ever blocking the process: a stopped terminal (Ctrl+S) or a pipe that is not read
// would otherwise prevent it from handling signals.

const fs = require('node:fs')

const { O_WRONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = fs.constants

/** The wait in milliseconds before a full output is tried again. Each further wait is twice as long. */
const FIRST_PAUSE = 1
const LONGEST_PAUSE = 100

/** The milliseconds in which a program starts and writes a line. */
const PROGRAM_START = 100

/**
 * Writes the whole text within this number of milliseconds. The first try happens before this function returns.
 * @param {1 | 2} descriptor
 * @param {string} text
 * @param {number} [within]
 */
async function written(descriptor, text, within = Infinity) {
  const own = ownDescription(descriptor)
  if (own === undefined) return writtenByOther(descriptor, text, within)
  try {
    await writtenTo(own, Buffer.from(text), within)
  } finally {
    if (own !== descriptor) fs.closeSync(own)
  }
}

/**
 * Returns a descriptor whose writes return at once. If writes to the existing one would wait, the file is opened again,
 * which Linux allows: making it non-blocking would do so for every process that shares it. Returns nothing if that is not
 * possible: for sockets, on other systems, and for files that another user has opened.
 * @param {1 | 2} descriptor
 */
function ownDescription(descriptor) {
  const status = fs.fstatSync(descriptor)
  if (status.isFile() || isMemory(status)) return descriptor
  if (process.platform !== 'linux' || !(status.isFIFO() || status.isCharacterDevice())) return undefined
  try {
    return openedAgain(descriptor)
  } catch (error) {
    if (isGone(error)) throw error
    return undefined
  }
}

/**
 * /dev/null, /dev/full and similar devices, which accept or refuse at once: Linux's devices with major number 1.
 * @param {fs.Stats} status
 */
function isMemory(status) {
  return process.platform === 'linux' && status.isCharacterDevice() && (status.rdev >> 8) === 1
}

/** @param {number} descriptor */
function openedAgain(descriptor) {
  return fs.openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
}

/**
 * A pipe without a reader (ENXIO), or a terminal that was closed (EIO).
 * @param {unknown} error
 */
function isGone(error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error)
  return code === 'ENXIO' || code === 'EIO'
}

/** @param {number} own @param {Buffer} bytes @param {number} within */
async function writtenTo(own, bytes, within) {
  const start = performance.now()
  let rest = unwritten(own, bytes)
  for (let pause = FIRST_PAUSE; rest.length > 0; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    if (performance.now() - start >= within) throw notTaken()
    await new Promise((resolve) => setTimeout(resolve, pause))
    rest = unwritten(own, rest)
  }
}

/** Returns what the descriptor does not accept now. @param {number} own @param {Buffer} bytes */
function unwritten(own, bytes) {
  let done = 0
  try {
    while (done < bytes.length) done += fs.writeSync(own, bytes, done)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error
  }
  return bytes.subarray(done)
}

/**
 * Writes to what cannot be opened again. Node.js's stream blocks on a terminal of Linux, so a program writes to such a
 * terminal; an image without `cat` has the stream alone.
 * @param {1 | 2} descriptor
 * @param {string} text
 * @param {number} within
 */
function writtenByOther(descriptor, text, within) {
  if (process.platform !== 'linux' || !require('node:tty').isatty(descriptor)) return writtenByStream(descriptor, text, within)
  return writtenByProgram(descriptor, text, within).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    return writtenByStream(descriptor, text, within)
  })
}

/**
 * @param {1 | 2} descriptor
 * @param {string} text
 * @param {number} within
 * @returns {Promise<void>}
 */
function writtenByProgram(descriptor, text, within) {
  const program = require('node:child_process').spawn('cat', [], { stdio: ['pipe', descriptor, 'ignore'] })
  const end = () => void program.kill('SIGKILL')
  process.once('exit', end)
  const outcome = new Promise((resolve, reject) => {
    program.once('error', reject)
    program.once('close', (code) => (code === 0 ? resolve(undefined) : reject(notTaken())))
    if (within < Infinity) setTimeout(() => reject(notTaken()), Math.max(within, PROGRAM_START)).unref()
  })
  // Its early end is reported by its status.
  program.stdin?.once('error', () => {}).end(text)
  return outcome.finally(() => {
    end()
    process.off('exit', end)
  })
}

/**
 * Writes through Node.js's stream, which takes milliseconds to create.
 * @param {1 | 2} descriptor
 * @param {string} text
 * @param {number} within
 * @returns {Promise<void>}
 */
function writtenByStream(descriptor, text, within) {
  const stream = descriptor === 1 ? process.stdout : process.stderr
  const restore = unblocked(stream)
  return new Promise((resolve, reject) => {
    const timer = within === Infinity ? undefined : setTimeout(() => reject(notTaken()), within)
    const end = (/** @type {Error | null | undefined} */ error) => {
      clearTimeout(timer)
      restore()
      if (error) reject(error)
      else resolve()
    }
    stream.once('error', end)
    stream.write(text, end)
  })
}

/**
 * Node.js makes a terminal's writes block. If it could not open the terminal again for itself, which happens on Linux, they
 * must block: then signals end the process without Node.js's help.
 * @param {NodeJS.WriteStream} stream
 */
function unblocked(stream) {
  const handle = /** @type {{ _handle?: { setBlocking?(isBlocking: boolean): void } }} */ (/** @type {unknown} */ (stream))._handle
  if (!stream.isTTY) return () => {}
  if (process.platform === 'linux') {
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
    return () => {}
  }
  handle?.setBlocking?.(false)
  // A program that is run later inherits the terminal.
  return () => handle?.setBlocking?.(true)
}

function notTaken() {
  return Object.assign(new Error('the reader of the output accepts nothing'), { code: 'ETIMEDOUT' })
}

/**
 * Closes a terminal that was closed at its other end: Node.js restores a terminal's settings at exit, and aborts if it
 * cannot.
 * @param {number} descriptor
 */
function closeIfHungUp(descriptor) {
  try {
    const status = fs.fstatSync(descriptor)
    if (status.isCharacterDevice() && !isMemory(status)) fs.closeSync(openedAgain(descriptor))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EIO') fs.closeSync(descriptor)
  }
}

module.exports = { written, closeIfHungUp }
