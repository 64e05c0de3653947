// @ts-check
'use strict'

// The measured process: one task with one peer. It loads only these two files, because the measurement includes loading.

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
