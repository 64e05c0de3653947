// @ts-check
'use strict'

// stdout carries data and nothing else, stderr is for people.

/**
 * Ends the process once the text is written. A reader that has gone away has what it wanted.
 * @param {string} text
 * @param {number} code
 */
function writeAndEnd(text, code) {
  if (text === '') process.exit(code)
  process.stdout.on('error', (error) => process.exit(isClosedPipe(error) ? 0 : 70))
  process.stdout.write(text, () => process.exit(code))
}

/** @param {NodeJS.ErrnoException} error */
function isClosedPipe({ code }) {
  return code === 'EPIPE' || code === 'EOF'
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
    if (input.length > 1_048_576) throw new Error('the input is longer than 1 MiB. Let the calling program run this one')
  }
  return input
}

/** @param {NodeJS.WriteStream} stream */
function hasColour(stream) {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

module.exports = { writeAndEnd, tell, readInput, hasColour }
