// @ts-check
'use strict'

// stdout carries data and nothing else, stderr is for people.

const { closeIfHungUp, written } = require('./descriptor')

/** For so many milliseconds a stderr that takes nothing is waited for, in all. */
const PATIENCE = 2000

/** The code of a reader that has gone: 128 and the number of SIGPIPE, by which other programs end. */
const READER_GONE = 141
const FAILURE = 70

/** What was told so far is written, or given up. */
let told = Promise.resolve()
let patience = PATIENCE

/**
 * Writes the text to stdout, for as long as its reader takes, and ends the process. What cannot be written is no success: a disk
 * that is full, for example, keeps no token.
 * @param {string} text
 * @param {number} code
 */
async function writeAndEnd(text, code) {
  if (text !== '') code = await written(1, text).then(() => code, unwrittenCode)
  await told
  end(code)
}

/** @param {NodeJS.ErrnoException} error */
function unwrittenCode({ code }) {
  // A pipe that has no reader any more cannot be opened (ENXIO); Windows calls the end of one EOF.
  if (code === 'EPIPE' || code === 'ENXIO' || code === 'EOF') return READER_GONE
  tell(`azure-client-token: The output cannot be written (${code}). Check where stdout leads\n`)
  return FAILURE
}

/**
 * Writes to stderr, after what was told before; the end of the process waits for it. That it cannot be written is no failure.
 * @param {string} text
 */
function tell(text) {
  const giveUp = () => void (patience = 0)
  told = told.then(() => written(2, text, patience)).catch(giveUp)
}

/**
 * Writes to stderr what it takes now.
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

module.exports = { writeAndEnd, tell, hint, end, readInput, hasColour }
