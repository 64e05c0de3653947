// @ts-check
'use strict'

const { parseArgs } = require('node:util')

const USAGE = `Usage: npm run bench -- [--quick] [--only NAME]... [--json FILE] [--readme]

  --quick       few rounds and small counts: does everything still run?
  --only NAME   only the scenarios whose name contains NAME; may be repeated
  --json FILE   write every figure to FILE as well
  --readme      write the performance table of the README`

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
  if (values.readme && (values.quick || values.only.length > 0)) {
    throw new Error('--readme takes a full run: leave out --quick and --only')
  }
  return { quick: values.quick, readme: values.readme, json: values.json, only: values.only }
}

module.exports = { parseOptions, USAGE }
