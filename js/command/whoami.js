// @ts-check
'use strict'

const { makeLogin } = require('./login')
const { UsageError } = require('./failure')

/** @param {import('./login').LoginOptions & { json?: boolean }} options */
async function main(options) {
  if (options.credential !== undefined) throw new UsageError('whoami describes the current login only. Remove --credential, or use explain')
  const identity = await makeLogin(options).config()
  if (options.json) return `${JSON.stringify(identity, null, 2)}\n`
  const rows = { tenant: identity.tenantId, client: identity.clientId, object: identity.objectId, subscription: identity.subscriptionId }
  return Object.entries(rows).map(([name, value]) => `${name.padEnd(12)}  ${value || '-'}\n`).join('')
}

module.exports = { main }
