// @ts-check
'use strict'

// Preloaded into every measured process, bare ones too, so that it weighs the
// same for all: reports at exit what the process has used. Node has no wait4, so
// the last moments of the process, after its exit hooks, count in its wall time only.

const { writeSync } = require('node:fs')

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeSync(3, `${JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e3, peak: maxRSS / 1024 })}\n`)
})
