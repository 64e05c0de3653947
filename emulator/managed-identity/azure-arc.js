// @ts-check
'use strict'

const { randomBytes, randomUUID } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { refusalOf } = require('./imds')

/**
 * A machine outside Azure with the Connected Machine agent, which asks callers to prove that they may read a file
 * of its folder (/var/opt/azcmagent/tokens, or %ProgramData%\AzureConnectedMachineAgent\Tokens).
 * Source: "Authenticate against Azure resources with Azure Arc-enabled servers".
 */

/**
 * @param {import('./identities').Identities} identities
 * @param {string} tokensFolder
 * @returns {import('.').Host}
 */
function createAzureArc(identities, tokensFolder) {
  /** @type {Map<string, string>} the file of each secret that is still good */
  const challenges = new Map()

  return {
    service: 'azureArc',
    environment: (origin) => ({ IDENTITY_ENDPOINT: `${origin}/metadata/identity/oauth2/token`, IMDS_ENDPOINT: origin }),
    answer(request) {
      const refusal = refusalOf(request)
      if (refusal) return refused(400, refusal)
      const secret = request.headers.authorization?.match(/^Basic (.+)$/)?.[1]
      if (!secret || !redeem(challenges, secret)) return challenge(challenges, tokensFolder)
      return tokenAnswer(identities, request.query.get('resource') ?? '')
    }
  }
}

/**
 * @param {Map<string, string>} challenges
 * @param {string} tokensFolder
 * @returns {import('../server').Answer}
 */
function challenge(challenges, tokensFolder) {
  const file = path.join(tokensFolder, `${randomUUID()}.key`)
  const secret = randomBytes(32).toString('base64')
  fs.mkdirSync(tokensFolder, { recursive: true })
  fs.writeFileSync(file, secret, { mode: 0o600 })
  challenges.set(secret, file)
  return { ...refused(401, 'Unauthorized'), headers: { 'www-authenticate': `Basic realm=${file}` } }
}

/**
 * Each secret is good once.
 * @param {Map<string, string>} challenges
 * @param {string} secret
 */
function redeem(challenges, secret) {
  const file = challenges.get(secret)
  if (file === undefined) return false
  challenges.delete(secret)
  fs.rmSync(file, { force: true })
  return true
}

/**
 * @param {import('./identities').Identities} identities
 * @param {string} resource
 * @returns {import('../server').Answer}
 */
function tokenAnswer(identities, resource) {
  const identity = identities.find({})
  if (!identity) return refused(404, 'The machine has no managed identity')
  const token = identities.issueToken(identity, resource, 'string')
  return { body: { client_id: identity.clientId, resource, token_type: 'Bearer', ...token } }
}

/**
 * @param {number} status
 * @param {string} description
 * @returns {import('../server').Answer}
 */
function refused(status, description) {
  const error = status === 401 ? 'unauthorized_client' : 'invalid_request'
  return { status, body: { error, error_description: description } }
}

module.exports = { createAzureArc }
