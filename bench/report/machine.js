// @ts-check
'use strict'

const os = require('node:os')

const { pinnedPeers } = require('../install')

/** @returns {import('../types').Machine} */
function describeMachine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: os.availableParallelism(),
    memory: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    node: process.version,
    peers: pinnedPeers(),
  }
}

/** @param {import('../types').Machine} machine */
function formatMachine({ date, cpu, cores, memory, system, node, peers }) {
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`).join(', ')
  return `${date}, ${cpu}, ${cores} cores, ${memory} GiB, ${system}, Node ${node}; ${versions}`
}

module.exports = { describeMachine, formatMachine }
