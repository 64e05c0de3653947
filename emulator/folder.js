// @ts-check
'use strict'

const { mkdtemp, rm, writeFile } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const path = require('node:path')

/** @typedef {Awaited<ReturnType<typeof createFolder>>} Folder */

/**
 * Creates a temporary folder with these files.
 * @param {Record<string, string>} files
 */
async function createFolder(files) {
  const folder = await mkdtemp(path.join(tmpdir(), 'entra-emulator-'))
  const file = (/** @type {string} */ name) => path.join(folder, name)
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(file(name), text, { mode: 0o600 })))
  return { path: folder, file, remove: () => rm(folder, { recursive: true, force: true }) }
}

module.exports = { createFolder }
