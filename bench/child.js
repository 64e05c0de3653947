// @ts-check
'use strict'

// The measured process: one task, one peer. It loads those two files and
// nothing else, because loading is part of what is measured.

const { writeSync } = require('node:fs')

const [task, peer, parameters] = process.argv.slice(2)

require(`./tasks/${task}.js`)(require(`./peers/${peer}.js`), JSON.parse(parameters)).then(
  (/** @type {import('./types').Sample} */ answer) => {
    writeSync(3, `${JSON.stringify({ answer })}\n`)
  },
  (/** @type {Error} */ error) => {
    console.error(`${error.name}: ${error.message}`)
    process.exit(1)
  },
)
