// @ts-check
'use strict'

// stdout contains only data; stderr is for the user.

const { closeIfHungUp, written } = require('./descriptor')

/** How many milliseconds in all the process waits for a stderr that accepts nothing. */
const PATIENCE = 2000

/** The exit code for a reader that has ended: 128 plus the number of SIGPIPE, as of other programs. */
const READER_GONE = 141
const FAILURE = 70

/** Settles when all earlier text is written, or given up. */
let earlier = Promise.resolve()
let patience = PATIENCE

/**
 * Writes the text to stdout while its reader accepts it, and ends the process. Output that cannot be written is a failure:
 * for example, a token is lost if the disk is full.
 * @param {string} text
 * @param {number} code
 */
async function writeAndEnd(text, code) {
  if (text !== '') code = await written(1, text).then(() => code, unwrittenCode)
  await earlier
  end(code)
}

/** @param {NodeJS.ErrnoException} error */
function unwrittenCode({ code }) {
  // A pipe without a reader cannot be opened (ENXIO); Windows reports its end as EOF.
  if (code === 'EPIPE' || code === 'ENXIO' || code === 'EOF') return READER_GONE
  notify(`azure-client-token: The output cannot be written (${code}). Check the destination of stdout\n`)
  return FAILURE
}

/**
 * Writes to stderr after all earlier text, and the end of the process waits for it. A failure to write is ignored.
 * @param {string} text
 */
function notify(text) {
  const giveUp = () => void (patience = 0)
  earlier = earlier.then(() => written(2, text, patience)).catch(giveUp)
}

/**
 * Writes to stderr what it accepts now.
 * @param {string} text
 */
function hint(text) {
  written(2, text, 0).catch(() => {})
}

/** @param {number} code @returns {never} */
function end(code) {
  for (const descriptor of [0, 1, 2]) closeIfHungUp(descriptor)
  process.exit(code)
}

/** Returns the whole of stdin, at most 1 MiB. */
async function readInput() {
  let input = ''
  for await (const part of process.stdin.setEncoding('utf8')) {
    input += part
    if (input.length > 1_048_576) throw new Error('the input is longer than 1 MiB. Let git or docker run this program')
  }
  return input
}

/** @param {NodeJS.WriteStream} stream */
function hasColour(stream) {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

module.exports = { writeAndEnd, notify, hint, end, readInput, hasColour }
