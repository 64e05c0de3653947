// @ts-check
'use strict'

/** @typedef {ReturnType<typeof loginOf>} Login what another process must know to use an emulator */

/** @param {import('./index').Emulator} emulator */
function loginOf({ authorityHost, caFile, caCertificate, tenantId, clientId, clientSecret }) {
  return { authorityHost, caFile, caCertificate, tenantId, clientId, clientSecret }
}

module.exports = { loginOf }
