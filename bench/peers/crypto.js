// @ts-check
'use strict'

const { constants, createPrivateKey, randomUUID, sign } = require('node:crypto')
const { readFileSync } = require('node:fs')

/** @type {import('../types').Peer} */
module.exports = {
  /** Signs with Node.js's own functions, with a key that is read once. */
  openSigner({ keyPath, thumbprintSha256 }) {
    const key = { key: createPrivateKey(readFileSync(keyPath)), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    const thumbprint = Buffer.from(thumbprintSha256, 'hex').toString('base64url')
    const header = encode({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    return (index) => {
      const text = `${header}.${encode(claims(`https://localhost/${index}`))}`
      return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
    }
  },
}

/** @param {string} audience */
function claims(audience) {
  const now = Math.floor(Date.now() / 1e3)
  return { aud: audience, iss: 'client', sub: 'client', jti: randomUUID(), nbf: now, exp: now + 600 }
}

/** @param {object} part */
function encode(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
