// @ts-check
'use strict'

const { createHash, generateKeyPair, sign } = require('node:crypto')
const { promisify } = require('node:util')

/** @typedef {Awaited<ReturnType<typeof createSigner>>} Signer */

/** Signs JWTs with a key of its own (RS256, as Entra ID does) and publishes that key. */
async function createSigner() {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const { n, e } = publicKey.export({ format: 'jwk' })
  const keyId = createHash('sha1').update(`${n}.${e}`).digest('base64url')
  const header = encoded({ typ: 'JWT', alg: 'RS256', x5t: keyId, kid: keyId })

  return {
    jwks: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: keyId, x5t: keyId, n, e }] },
    /**
     * @param {object} claims
     * @returns {string}
     */
    sign(claims) {
      const content = `${header}.${encoded(claims)}`
      return `${content}.${sign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64url')}`
    }
  }
}

/** @param {object} value */
function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

module.exports = { createSigner }
