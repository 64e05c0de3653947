// @ts-check
'use strict'

const { randomBytes } = require('node:crypto')
const fs = require('node:fs')

/** Opening a pipe must not wait for its writer: this process would not even react to Ctrl+C. Windows has no such flag. */
const { O_RDONLY, O_NONBLOCK = 0 } = fs.constants

/** Returns a file's text, empty if there is no file. @param {string} file */
function textOfFile(file) {
  try {
    return textOf(fs.openSync(file, O_RDONLY | O_NONBLOCK))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return ''
    throw error
  }
}

/** @param {number} descriptor */
function textOf(descriptor) {
  try {
    if (!fs.fstatSync(descriptor).isFile()) throw Object.assign(new Error('it is not a file'), { code: 'EINVAL' })
    return fs.readFileSync(descriptor, 'utf8')
  } finally {
    fs.closeSync(descriptor)
  }
}

/**
 * Writes a file completely or not at all, readable by its owner alone. A link stays a link: its target is replaced.
 * @param {string} file
 * @param {string} text
 */
function replaceFile(file, text) {
  const place = realPlace(file)
  const temporary = `${place}.${randomBytes(6).toString('hex')}.tmp`
  try {
    fs.writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    fs.renameSync(temporary, place)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}

/** @param {string} file */
function realPlace(file) {
  return fs.existsSync(file) ? fs.realpathSync(file) : file
}

module.exports = { replaceFile, realPlace, textOfFile }
