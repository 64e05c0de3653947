// @ts-check
'use strict'

const { textOf, timeToError } = require('../measure/failure')
const { readSettings } = require('../settings')

/**
 * @param {import('../types').Peer} peer
 * @param {{ named: string }} parameters a pattern that the error's text must match
 */
module.exports = async (peer, { named }) => {
  const client = peer.openSecret?.(readSettings(), {})
  if (!client) throw new Error('this peer has no such client')
  const { time, error } = await timeToError(() => client.token())
  return { time, named: Number(new RegExp(named, 'i').test(textOf(error))) }
}
