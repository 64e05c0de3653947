// @ts-check
'use strict'

const { randomBytes, randomUUID } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { namedIn, refusalOf } = require('./imds')

// Agents before this version of the interface ignore the ids of user-assigned identities.
const API_VERSION_OF_NAMED = '2020-06-01'

// Each request without an answer to the challenge creates a file.
const MOST_CHALLENGES = 100

/**
 * A machine outside Azure with the Connected Machine agent, which asks callers to prove that they may read a file
 * of its folder (/var/opt/azcmagent/tokens, or %ProgramData%\AzureConnectedMachineAgent\Tokens).
 * Sources: "Authenticate against Azure resources with Azure Arc-enabled servers"; for user-assigned identities the
 * package managedidentity of microsoft-authentication-library-for-go.
 */

/**
 * @param {import('./identities').Identities} identities
 * @param {string} tokensFolder
 * @returns {import('./host').Host}
 */
function createAzureArc(identities, tokensFolder) {
  /** @type {Map<string, string>} the file of each secret that is still valid */
  const challenges = new Map()

  return {
    service: 'azureArc',
    environment: (origin) => ({ IDENTITY_ENDPOINT: `${origin}/metadata/identity/oauth2/token`, IMDS_ENDPOINT: origin }),
    answer(request) {
      const refusal = refusalOf(request)
      if (refusal) return refused(400, refusal)
      const secret = request.headers.authorization?.match(/^Basic (.+)$/)?.[1]
      if (!secret || !redeem(challenges, secret)) return challenge(challenges, tokensFolder)
      return tokenAnswer(identities, request)
    },
    end() {
      for (const secret of challenges.keys()) redeem(challenges, secret)
    }
  }
}

/**
 * @param {Map<string, string>} challenges
 * @param {string} tokensFolder
 * @returns {import('../messages').Answer}
 */
function challenge(challenges, tokensFolder) {
  const file = path.join(tokensFolder, `${randomUUID()}.key`)
  const secret = randomBytes(32).toString('base64')
  fs.mkdirSync(tokensFolder, { recursive: true })
  fs.writeFileSync(file, secret, { mode: 0o600 })
  challenges.set(secret, file)
  if (challenges.size > MOST_CHALLENGES) redeem(challenges, challenges.keys().next().value ?? '')
  return { ...refused(401, 'Unauthorized'), headers: { 'www-authenticate': `Basic realm=${file}` } }
}

/**
 * Each secret can be used once.
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
 * The answer for a user-assigned identity repeats its ids, so that a client knows that it was found.
 * @param {import('./identities').Identities} identities
 * @param {import('../messages').Request} request
 * @returns {import('../messages').Answer}
 */
function tokenAnswer(identities, request) {
  const knowsNamed = request.query.get('api-version') === API_VERSION_OF_NAMED
  const identity = identities.find(knowsNamed ? namedIn(request) : {})
  if (!identity) return refused(404, 'The machine has no managed identity')
  const { clientId: client_id, objectId: object_id, resourceId: msi_res_id } = identity
  const resource = request.query.get('resource') ?? ''
  const ids = msi_res_id ? { client_id, object_id, msi_res_id } : { client_id }
  return { body: { ...ids, resource, token_type: 'Bearer', ...identities.issueToken(identity, resource, 'string') } }
}

/**
 * @param {number} status
 * @param {string} description
 * @returns {import('../messages').Answer}
 */
function refused(status, description) {
  const error = status === 401 ? 'unauthorized_client' : 'invalid_request'
  return { status, body: { error, error_description: description } }
}

module.exports = { createAzureArc }
