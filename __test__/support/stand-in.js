// @ts-check
'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

/**
 * @typedef {object} Behaviour what a stand-in for a tool does when it is run
 * @property {string} [stdout]
 * @property {string} [stderr]
 * @property {number} [exit]
 * @property {number} [seconds] how long it takes
 * @property {boolean} [reads] whether it waits for the end of its standard input, which some callers leave open. Default: true
 * @property {boolean} [hangs] it starts a process that it waits for without end
 */

/** A folder of programs that stand in for the real ones and note how they were run. POSIX only: they are scripts. */
function createStandIns() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stand-ins-'))
  const file = (/** @type {string} */ name) => path.join(folder, name)
  const read = (/** @type {string} */ name) => (fs.existsSync(file(name)) ? fs.readFileSync(file(name), 'utf8') : '')

  return {
    folder,
    /** A search path on which nothing else lies but what a script needs. */
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
        // Waits for its end, which comes at once where standard input is empty.
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
     * @returns {number} of what a hanging program waits for; 0 before it does
     */
    pid: (program) => Number(read(`${program}.pid`)),
    /** Takes every program away, and what it noted. */
    clear() {
      for (const name of fs.readdirSync(folder)) fs.rmSync(file(name), { recursive: true })
    },
    remove: () => fs.rmSync(folder, { recursive: true })
  }
}

module.exports = { createStandIns }
