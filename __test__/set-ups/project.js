// @ts-check
'use strict'

// A user's project with the packed package in its node_modules, and an emulator that its programs log in to.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { startEmulator } = require('../../emulator')
const { pack } = require('../../scripts/pack')
const { installConsumer, printed } = require('../support/consumer')

/**
 * @typedef {object} Project
 * @property {string} folder
 * @property {(name: string, content: string) => string} write returns the file's path
 * @property {(modules: string) => void} link links packages that are installed elsewhere
 * @property {Record<string, string>} environment the variables that a program needs to log in
 * @property {(command: string, parameters: string[], more?: Record<string, string>) => Promise<any>} run runs a program with nothing else
 * in its environment, and returns the line of JSON that it prints
 * @property {() => Promise<void>} remove
 */

/** @returns {Promise<Project>} */
async function makeProject() {
  const emulator = await startEmulator()
  const consumer = await installConsumer(tarballs())
  const { folder, write } = consumer
  const environment = emulator.environment()
  const remove = async () => {
    await emulator.close()
    consumer.remove()
  }
  return {
    folder,
    write,
    environment,
    link: (modules) => linkPackages(modules, path.join(folder, 'node_modules')),
    run: (command, parameters, more) => printed(command, parameters, { ...environment, ...more }, folder),
    remove
  }
}

function tarballs() {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-tarballs-'))
  process.once('exit', () => fs.rmSync(out, { recursive: true, force: true }))
  const { main, platforms } = pack({ out })
  return [main, ...Object.values(platforms)]
}

/** A scope becomes a folder of links: a package resolves its own dependencies from its real path. @param {string} from @param {string} to */
function linkPackages(from, to) {
  for (const name of fs.readdirSync(from)) {
    if (name.startsWith('.')) continue
    if (name.startsWith('@')) {
      fs.mkdirSync(path.join(to, name), { recursive: true })
      linkPackages(path.join(from, name), path.join(to, name))
    } else fs.symlinkSync(path.join(from, name), path.join(to, name), 'dir')
  }
}

/** The programs that get a token, in both module systems: they print its source as a line of JSON. */
const TOKEN = {
  'token.cjs': "const { getClientToken } = require('azure-client-token')\ngetClientToken().then(({ source }) => console.log(JSON.stringify({ source })))",
  'token.mjs': "import { getClientToken } from 'azure-client-token'\nconst { source } = await getClientToken()\nconsole.log(JSON.stringify({ source }))",
}

module.exports = { TOKEN, makeProject, tarballs }
