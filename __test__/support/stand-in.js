// @ts-check
'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

/**
 * @typedef {object} Behaviour the behaviour of a stand-in for a tool
 * @property {string} [stdout]
 * @property {string} [stderr]
 * @property {number} [exit]
 * @property {number} [seconds] its running time
 * @property {boolean} [reads] whether it waits for the end of its standard input, which some callers leave open; default: true
 * @property {boolean} [hangs] it starts a process that never ends, and waits for it
 */

/** A folder of stand-ins for programs, which record their arguments. They are shell scripts, for POSIX systems only. */
function createStandIns() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stand-ins-'))
  const file = (/** @type {string} */ name) => path.join(folder, name)
  const read = (/** @type {string} */ name) => (fs.existsSync(file(name)) ? fs.readFileSync(file(name), 'utf8') : '')

  return {
    folder,
    /** A search path with only the stand-ins and the programs that scripts need. */
    searchPath: `${folder}:/usr/bin:/bin`,
    /**
     * @param {string} program
     * @param {Behaviour} behaviour
     */
    install(program, { stdout = '', stderr = '', exit = 0, seconds = 0, reads = true, hangs = false }) {
      fs.writeFileSync(file(`${program}.out`), stdout)
      fs.writeFileSync(file(`${program}.err`), stderr)
      const hang = `sleep 300 & echo $! > ${file(`${program}.pid`)}; wait`
      const lines = [
        '#!/bin/sh',
        // Waits for the end of standard input.
        ...(reads ? ['cat > /dev/null'] : []),
        `printf '%s\\n' "$*" >> ${file(`${program}.runs`)}`,
        hangs ? hang : `sleep ${seconds}; cat ${file(`${program}.err`)} >&2; cat ${file(`${program}.out`)}; exit ${exit}`
      ]
      fs.writeFileSync(file(program), `${lines.join('\n')}\n`, { mode: 0o755 })
    },
    /**
     * @param {string} program
     * @returns {string[]} the arguments of each run
     */
    runs: (program) => read(`${program}.runs`).split('\n').filter(Boolean),
    /**
     * @param {string} program
     * @returns {number} of the process for which a hanging program waits; 0 before it has started
     */
    pid: (program) => Number(read(`${program}.pid`)),
    /** Removes every program and its records. */
    clear() {
      for (const name of fs.readdirSync(folder)) fs.rmSync(file(name), { recursive: true })
    },
    remove: () => fs.rmSync(folder, { recursive: true })
  }
}

module.exports = { createStandIns }
