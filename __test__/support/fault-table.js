// @ts-check
'use strict'

const { faults } = require('./faults')

/**
 * The rows of docs/faults.md. The first three columns are tested promises; the last one is a measurement.
 * @param {Map<string, number>} milliseconds by fault
 */
function rows(milliseconds) {
  return faults.map((fault) => {
    const time = milliseconds.get(nameOf(fault))
    const measured = fault.scenario ? 'paused clock' : time === undefined ? '' : inWords(time)
    return `| ${nameOf(fault)} | ${caller(fault)} | ${promise(fault)} | ${measured} |`
  })
}

/** @param {import('./faults').Fault} fault */
function nameOf({ group, fault }) {
  return `${group}: ${fault}`
}

/** @param {import('./faults').Fault} fault */
function caller({ expects }) {
  if (expects === 'token') return 'a token'
  const where = expects.phase ? `, phase \`${expects.phase}\`` : expects.statusCode ? `, status ${expects.statusCode}` : ''
  return `\`${expects.error}\`${where}${expects.retryable ? ', retryable' : ''}: “${expects.says}”`
}

/** @param {import('./faults').Fault} fault */
function promise({ within, notBefore, timeout }) {
  const parts = [within && `under ${within / 1000} s`, notBefore && `after ${notBefore / 1000} s`, timeout && `\`timeout\` of ${timeout} ms`]
  return parts.filter(Boolean).join(', ')
}

/** @param {number} milliseconds written with two digits, because a measurement reproduces no more */
function inWords(milliseconds) {
  return milliseconds < 1000 ? `${Number(milliseconds.toPrecision(2))} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

module.exports = { nameOf, rows }
