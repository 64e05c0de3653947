// @ts-check
'use strict'

const { makeLogin } = require('./login')

/** @param {import('./login').LoginOptions & { json?: boolean }} options */
async function main(options) {
  const identity = await makeLogin(options).config()
  if (options.json) return `${JSON.stringify(identity, null, 2)}\n`
  const rows = { tenant: identity.tenantId, client: identity.clientId, object: identity.objectId, subscription: identity.subscriptionId }
  return Object.entries(rows).map(([name, value]) => `${name.padEnd(12)}  ${value || '-'}\n`).join('')
}

module.exports = { main }
