// @ts-check
'use strict'

const { join } = require('node:path')

/** This package as `install.js` has installed it, as users do. */
const OURS = join(__dirname, '..', '.cache', 'bench', 'node_modules', 'azure-client-token')

/** The resource of a call without an endpoint, with the slash that Azure Resource Manager's audience has. */
const DEFAULT_RESOURCE = 'https://management.azure.com/'

/**
 * The login in the environment, which this package reads itself, and which is passed to the peers.
 *
 * @returns {import('./types').Settings}
 */
function readSettings() {
  const { AZURE_AUTHORITY_HOST, ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET } = process.env
  return {
    authorityHost: AZURE_AUTHORITY_HOST ?? '',
    tenantId: ARM_TENANT_ID ?? '',
    clientId: ARM_CLIENT_ID ?? '',
    clientSecret: ARM_CLIENT_SECRET ?? '',
  }
}

module.exports = { DEFAULT_RESOURCE, OURS, readSettings }
