// @ts-check
'use strict'

const { chmod, mkdir, readFile, rm, writeFile } = require('node:fs/promises')
const { delimiter, join } = require('node:path')

const { Skip } = require('../runner')

/** @typedef {import('../types').Stage} Stage */

const ABSENT_ID = '00000000-0000-4000-8000-000000000000'
// A tenth of the real one's time is enough to distinguish one process from ten.
const SECONDS = 0.15

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'cli-calls',
  title: 'the login of the Azure CLI',
  rounds: [7, 1],
  subjects: [
    { name: 'az, once', peer: 'az' },
    { name: 'identity', peer: 'identity' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'concurrentProcesses', label: '10 at once: az started', unit: '', digits: 0, headline: true },
    { key: 'concurrentTime', label: 'time', unit: 'ms', digits: 0 },
    { key: 'seriesProcesses', label: '3 in a row: az started', unit: '', digits: 0, headline: true },
    { key: 'seriesTime', label: 'time', unit: 'ms', digits: 0 },
    { key: 'otherCommands', label: 'other az commands', unit: '', digits: 0 },
  ],

  async prepare({ folder, memory }) {
    if (process.platform === 'win32') throw new Skip('the stand-in for az is a POSIX shell script')
    memory.path = `${await installStandIn(folder)}${delimiter}${process.env.PATH}`
    memory.log = join(folder, 'az.log')
  },

  async measure(stage, subject) {
    const concurrent = await count(stage, subject, { calls: 10, concurrent: true })
    const series = await count(stage, subject, { calls: 3, concurrent: false })
    return {
      concurrentProcesses: concurrent.processes,
      concurrentTime: concurrent.time,
      seriesProcesses: series.processes,
      seriesTime: series.time,
      otherCommands: concurrent.others + series.others,
    }
  },

  targets: [
    { text: '10 at once: 1 process', met: (median) => median('ours', 'concurrentProcesses') === 1 },
    { text: '3 in a row: 1 process', met: (median) => median('ours', 'seriesProcesses') === 1 },
    { text: 'no az command but get-access-token', met: (median) => median('ours', 'otherCommands') === 0 },
  ],
  note: `az is a stand-in that sleeps for ${SECONDS} s and then answers like the real one`,
}

/**
 * A stand-in for az: records its arguments, and answers like `az account get-access-token`.
 *
 * @param {string} folder
 * @returns {Promise<string>} its folder
 */
async function installStandIn(folder) {
  const bin = join(folder, 'bin')
  const expiry = new Date(Date.now() + 3_600_000)
  const answer = JSON.stringify({
    accessToken: 'x'.repeat(1500),
    expiresOn: localTime(expiry),
    expires_on: Math.floor(expiry.getTime() / 1e3),
    subscription: ABSENT_ID,
    tenant: ABSENT_ID,
    tokenType: 'Bearer',
  })
  const script = `#!/bin/sh\necho "$*" >> '${join(folder, 'az.log')}'\nsleep ${SECONDS}\ncat <<'ANSWER'\n${answer}\nANSWER\n`
  await mkdir(bin)
  await writeFile(join(bin, 'az'), script)
  await chmod(join(bin, 'az'), 0o755)
  return bin
}

/**
 * The time as az prints it: local, with microseconds.
 *
 * @param {Date} date
 */
function localTime(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return `${local.toISOString().slice(0, 19).replace('T', ' ')}.000000`
}

/**
 * @param {Stage} stage
 * @param {import('../types').Subject} subject
 * @param {{ calls: number, concurrent: boolean }} parameters
 */
async function count({ run, memory }, subject, parameters) {
  await rm(memory.log, { force: true })
  const { answer } = await run('cli', subject, parameters, { environment: { PATH: memory.path } })
  const commands = (await readFile(memory.log, 'utf8')).trim().split('\n')
  const others = commands.filter((command) => !command.startsWith('account get-access-token')).length
  return { time: answer.time, processes: commands.length, others }
}
