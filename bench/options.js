// @ts-check
'use strict'

const { parseArgs } = require('node:util')

const USAGE = `Usage: npm run bench -- [--quick] [--only NAME]... [--json FILE] [--readme]

  --quick       few rounds and small counts: does everything still run?
  --only NAME   only the scenarios whose name contains NAME; may be repeated
  --json FILE   write every figure to FILE as well
  --readme      write the performance table of the README: the rows of what was run`

/**
 * @param {string[]} args
 * @returns {import('./types').Options}
 */
function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  })
  if (values.readme && values.quick) throw new Error('--readme takes whole rounds: leave out --quick')
  return { quick: values.quick, readme: values.readme, json: values.json, only: values.only }
}

module.exports = { parseOptions, USAGE }
