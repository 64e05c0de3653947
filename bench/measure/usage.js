// @ts-check
'use strict'

// Preloaded into every measured process, also into those that run nothing, so that its cost is the same for all: reports the used resources
// at exit. Node.js has no wait4, so the time after the exit hooks counts in the wall time only.

const { writeSync } = require('node:fs')

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeSync(3, `${JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e3, peak: maxRSS / 1024 })}\n`)
})
