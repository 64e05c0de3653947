// @ts-check
'use strict'

const { createHash, randomUUID } = require('node:crypto')
const { accessTokenClaims } = require('../access-token')

/**
 * @typedef {object} Identity
 * @property {string} clientId
 * @property {string} objectId
 * @property {string} [resourceId] the id of a user-assigned identity
 *
 * @typedef {'string' | 'number' | 'date' | 'absent'} ExpiresOn how a host writes the expiry; `absent`: only expires_in
 *
 * @typedef {object} ManagedIdentityOptions
 * @property {Identity | null} [systemAssigned] null: the host has none
 * @property {Identity[]} [userAssigned]
 * @property {ExpiresOn} [expiresOn] the form of the time for all hosts, instead of each host's own
 * @property {number} [tokenLifetime] seconds
 *
 * @typedef {ReturnType<typeof createIdentities>} Identities
 */

// A client may ask for any number of resources.
const MAX_CACHED = 1000

// A managed identity's token is valid for a day.
const DEFAULT_LIFETIME = 86399

/**
 * The identities that an Azure host has, and their tokens.
 * @param {import('../signing').Signer} signer
 * @param {string} tenant
 * @param {ManagedIdentityOptions} options
 */
function createIdentities(signer, tenant, options) {
  const { systemAssigned = newIdentity(), userAssigned = [newUserAssigned()], tokenLifetime = DEFAULT_LIFETIME } = options
  /** @type {Map<string, { answer: { access_token: string }, until: number }>} a token is cached for half its lifetime */
  const cached = new Map()

  return {
    systemAssigned,
    userAssigned,
    /**
     * @param {Partial<Identity>} named without an id: the system-assigned identity
     * @returns {Identity | undefined}
     */
    find(named) {
      const wanted = Object.entries(named).filter(([, value]) => value !== undefined)
      if (wanted.length === 0) return systemAssigned ?? undefined
      return userAssigned.find((identity) => wanted.every((part) => has(identity, part)))
    },
    /**
     * Returns the cached token of the identity, as App Service and Service Fabric cache one, or a new one if there is none
     * or if the caller names it as refused by its SHA-256.
     * @param {Identity} identity
     * @param {string} resource
     * @param {ExpiresOn} usual
     * @param {string | null} refused
     */
    cachedToken(identity, resource, usual, refused) {
      const key = `${usual} ${identity.clientId} ${resource}`
      const before = cached.get(key)
      if (before && Date.now() < before.until && sha256(before.answer.access_token) !== refused) return before.answer
      const answer = this.issueToken(identity, resource, usual)
      cached.set(key, { answer, until: Date.now() + tokenLifetime * 500 })
      if (cached.size > MAX_CACHED) cached.delete(cached.keys().next().value ?? '')
      return answer
    },
    /**
     * @param {Identity} identity
     * @param {string} resource
     * @param {ExpiresOn} usual
     */
    issueToken(identity, resource, usual) {
      const { clientId, objectId, resourceId } = identity
      const claims = { oid: objectId, sub: objectId, idtyp: 'app', ...(resourceId && { xms_mirid: resourceId }) }
      const token = accessTokenClaims({ tenant, clientId, resource, claims }, tokenLifetime)
      return { access_token: signer.sign(token), ...expiry(options.expiresOn ?? usual, token.exp, tokenLifetime) }
    }
  }
}

/**
 * @param {Identity} identity
 * @param {[string, string]} part
 */
function has(identity, [name, value]) {
  // GUIDs and resource ids are compared without case.
  return identity[/** @type {keyof Identity} */ (name)]?.toLowerCase() === value.toLowerCase()
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex')
}

/** @returns {Identity} */
function newIdentity() {
  return { clientId: randomUUID(), objectId: randomUUID() }
}

/** @returns {Identity} */
function newUserAssigned() {
  const scope = `/subscriptions/${randomUUID()}/resourcegroups/emulated`
  return { ...newIdentity(), resourceId: `${scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/workload` }
}

/**
 * @param {ExpiresOn} style
 * @param {number} seconds since the epoch
 * @param {number} lifetime
 */
function expiry(style, seconds, lifetime) {
  switch (style) {
    case 'string':
      return { expires_on: String(seconds) }
    case 'number':
      return { expires_on: seconds }
    case 'date':
      return { expires_on: americanDate(seconds) }
    case 'absent':
      return { expires_in: lifetime }
  }
}

/**
 * The format of the first version of App Service's endpoint: 9/14/2017 11:00:00 AM +00:00
 * @param {number} seconds
 */
function americanDate(seconds) {
  const date = new Date(seconds * 1000)
  const [day, time] = date.toLocaleString('en-US', { timeZone: 'UTC' }).split(', ')
  return `${day} ${time.replace(/\s/, ' ')} +00:00`
}

module.exports = { createIdentities }
