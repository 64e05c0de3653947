// @ts-check
'use strict'

const { parseOptions, USAGE } = require('./options')
const { installOurs, installPeers } = require('./install')
const { writeJson } = require('./report/json')
const { describeMachine, formatMachine } = require('./report/machine')
const { writeCharts, writeDocument } = require('./report/document')
const { formatReport } = require('./report/table')
const { runScenario, troubles } = require('./runner')
const { chooseScenarios } = require('./scenarios')

/** @param {import('./types').Options} options */
async function main(options) {
  if (options.charts) return writeCharts()
  const scenarios = chooseScenarios(options.only)
  installPeers()
  installOurs()
  const machine = describeMachine()
  console.log(formatMachine(machine))
  if (options.quick) console.log('Quick: small counts, one or two rounds. It shows that everything runs; its figures mean little.')
  const reports = []
  for (const scenario of scenarios) {
    const report = await runScenario(scenario, options)
    console.log(formatReport(report))
    reports.push(report)
  }
  if (options.json) writeJson(options.json, machine, reports, options.quick)
  const failed = reports.flatMap(troubles)
  for (const trouble of failed) console.error(`\nFAILED ${trouble}`)
  if (failed.length > 0) process.exitCode = 1
  else if (options.write) writeDocument(machine, reports)
}

/** @returns {import('./types').Options} */
function optionsOrUsage() {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${USAGE}`)
    process.exit(2)
  }
}

main(optionsOrUsage()).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
