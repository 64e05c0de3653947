// @ts-check
'use strict'

const { randomBytes } = require('node:crypto')
const fs = require('node:fs')

/** A file's text, empty where there is none. @param {string} file */
function textOfFile(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return ''
    throw error
  }
}

/**
 * Whole or not at all, readable by its owner alone. A link stays one: what it points to is replaced.
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
