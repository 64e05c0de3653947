// @ts-check
'use strict'

// Sends one command to Redis without a client: what a test does to the server must not depend on the code that it tests.

const { once } = require('node:events')
const net = require('node:net')

/**
 * @param {number} port
 * @param {string[]} words
 * @returns {Promise<string>} the reply as the server sends it: `+OK`, `:1`, `$-1`, the text of a bulk string
 */
async function redisCommand(port, words) {
  const socket = net.connect(port, '127.0.0.1')
  try {
    socket.setTimeout(5000, () => socket.destroy(new Error(`Redis does not answer ${words[0]}`)))
    socket.write(encoded(words))
    let text = ''
    while (!isComplete(text)) text += String((await once(socket, 'data'))[0])
    if (text.startsWith('-')) throw new Error(text.slice(1).trim())
    return text.startsWith('$') && text !== '$-1\r\n' ? text.slice(text.indexOf('\n') + 1, -2) : text.trim()
  } finally {
    socket.destroy()
  }
}

/** @param {string[]} words */
function encoded(words) {
  return [`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word])].join('\r\n') + '\r\n'
}

/** Assumes that a list is complete if it arrives in one piece: tests read only small ones. @param {string} text */
function isComplete(text) {
  if (!text.endsWith('\r\n')) return false
  if (!text.startsWith('$') || text.startsWith('$-1')) return true
  const [length] = text.slice(1).split('\r\n')
  return Buffer.byteLength(text) === 1 + length.length + 2 + Number(length) + 2
}

module.exports = { redisCommand }
