// @ts-check
'use strict'

// stdout carries data and nothing else, stderr is for people.

/**
 * Ends the process once the text is written. A reader that has gone away has what it wanted. To make `process.stdout` takes
 * milliseconds: it is for what the descriptor does not take at once.
 * @param {string} text
 * @param {number} code
 */
function writeAndEnd(text, code) {
  const rest = unwritten(Buffer.from(text))
  if (rest.length === 0) process.exit(code)
  const end = (/** @type {NodeJS.ErrnoException | null | undefined} */ error) => process.exit(error ? codeOf(error) : code)
  process.stdout.on('error', end)
  process.stdout.write(rest, end)
}

/** @param {Buffer} bytes */
function unwritten(bytes) {
  let done = 0
  try {
    while (done < bytes.length) done += require('node:fs').writeSync(1, bytes, done)
  } catch {
    // The stream waits for a pipe that is full, and says what else is wrong.
  }
  return bytes.subarray(done)
}

/** @param {NodeJS.ErrnoException} error a disk that is full, for example, keeps no token */
function codeOf({ code }) {
  return code === 'EPIPE' || code === 'EOF' ? 0 : 70
}

/**
 * Writes to stderr; that it is closed is no failure.
 * @param {string} text
 */
function tell(text) {
  try {
    require('node:fs').writeSync(2, text)
  } catch {
    // There is no one to tell.
  }
}

/** All of stdin; 1 MiB at the most. */
async function readInput() {
  let input = ''
  for await (const part of process.stdin.setEncoding('utf8')) {
    input += part
    if (input.length > 1_048_576) throw new Error('the input is longer than 1 MiB. This program is to be run by git or docker')
  }
  return input
}

/** @param {NodeJS.WriteStream} stream */
function hasColour(stream) {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

module.exports = { writeAndEnd, tell, readInput, hasColour }
