// @ts-check
'use strict'

const { parseArgs } = require('node:util')

const USAGE = `Usage: npm run bench -- [--quick] [--only NAME]... [--json FILE] [--charts] [--write]

  --quick       few rounds and small counts, to check that everything runs
  --only NAME   only the scenarios whose name contains NAME; may be repeated
  --json FILE   write every figure to FILE as well
  --charts      only draw the chart of docs/performance.md again, from the table there
  --write       write the rows of these scenarios into docs/performance.md, and draw its chart`

/**
 * @param {string[]} args
 * @returns {import('./types').Options}
 */
function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      charts: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  })
  if (values.write && values.quick) throw new Error('--write needs complete rounds: omit --quick')
  return { quick: values.quick, charts: values.charts, write: values.write, json: values.json, only: values.only }
}

module.exports = { parseOptions, USAGE }
