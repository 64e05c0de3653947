// @ts-check
'use strict'

/**
 * @typedef {import('./index').Emulator} Emulator
 * @typedef {Pick<Emulator, typeof PROPERTIES[number]>} Login the properties that another process needs to use an emulator
 */

const PROPERTIES = /** @type {const} */ ([
  'authorityHost', 'caFile', 'caCertificate', 'tenantId', 'clientId', 'clientSecret',
  'githubOidc', 'azureDevops', 'workloadIdentity', 'managedIdentity'
])

/**
 * @param {Emulator} emulator
 * @returns {Login}
 */
function loginOf(emulator) {
  return /** @type {Login} */ (Object.fromEntries(PROPERTIES.map((name) => [name, emulator[name]])))
}

module.exports = { loginOf }
