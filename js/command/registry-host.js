// @ts-check
'use strict'

// Decides which hosts are registries of Azure: only those get a token.

/** The endings of the hosts of registries in each cloud. @type {Record<string, string>} */
const endings = { public: 'io', china: 'cn', usgovernment: 'us' }

/**
 * Returns the host of a registry of this cloud, or undefined for any other server.
 * @param {string} server a host, or an https address, as docker passes it
 * @param {import('./aliases').Cloud} cloud
 */
function registryOf(server, cloud) {
  const address = addressOf(server)
  if (address === undefined || !isPlain(address) || !Object.hasOwn(endings, cloud)) return undefined
  const name = new RegExp(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9]{1,40}\\.geo)?\\.azurecr\\.${endings[cloud]}$`)
  return name.test(address.hostname) ? address.hostname : undefined
}

/** @param {string} server */
function addressOf(server) {
  try {
    return new URL(server.includes('://') ? server : `https://${server}`)
  } catch {
    return undefined
  }
}

/**
 * Accepts https, its default port, and no user: `URL` omits port 443.
 * @param {URL} address
 */
function isPlain({ protocol, port, username, password }) {
  return protocol === 'https:' && port === '' && username === '' && password === ''
}

module.exports = { registryOf }
