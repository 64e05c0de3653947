// @ts-check
'use strict'

// Short names for the services of tokens, in each cloud. Sources: each service's documentation on authentication with Entra
// ID.

const { UsageError } = require('./failure')

/** `custom`: a cloud that only its metadata host describes. @typedef {'public' | 'usgovernment' | 'china' | 'custom'} Cloud */

/** The services with the same address in every cloud. */
const everywhere = { arm: '', aks: '6dae42f8-4368-4678-94ff-3960e28e3630' }

/** The services with the same address in each of Microsoft's own clouds. */
const microsoft = {
  ...everywhere,
  storage: 'https://storage.azure.com',
  acr: 'https://containerregistry.azure.net',
  servicebus: 'https://servicebus.azure.net',
}

/** @type {Record<Cloud, Record<string, string>>} */
const resources = {
  public: {
    ...microsoft,
    graph: 'https://graph.microsoft.com',
    vault: 'https://vault.azure.net',
    sql: 'https://database.windows.net',
    postgres: 'https://ossrdbms-aad.database.windows.net',
    mysql: 'https://ossrdbms-aad.database.windows.net',
    redis: 'https://redis.azure.com',
    devops: '499b84ac-1321-427f-aa17-267ca6975798',
    openai: 'https://cognitiveservices.azure.com',
    eventhubs: 'https://eventhubs.azure.net',
  },
  usgovernment: {
    ...microsoft,
    graph: 'https://graph.microsoft.us',
    vault: 'https://vault.usgovcloudapi.net',
    sql: 'https://database.usgovcloudapi.net',
    postgres: 'https://ossrdbms-aad.database.usgovcloudapi.net',
    mysql: 'https://ossrdbms-aad.database.usgovcloudapi.net',
    openai: 'https://cognitiveservices.azure.us',
    eventhubs: 'https://eventhubs.azure.net',
  },
  china: {
    ...microsoft,
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    vault: 'https://vault.azure.cn',
    sql: 'https://database.chinacloudapi.cn',
    postgres: 'https://ossrdbms-aad.database.chinacloudapi.cn',
    mysql: 'https://ossrdbms-aad.database.chinacloudapi.cn',
    openai: 'https://cognitiveservices.azure.cn',
    eventhubs: 'https://eventhubs.azure.net',
  },
  custom: everywhere,
}

const aliases = Object.keys(resources.public).sort()

/**
 * Returns the endpoint for a word of the command line. An empty word means Azure Resource Manager.
 * @param {string} word an alias, an address, or a GUID
 * @param {Cloud} cloud
 */
function resourceOf(word, cloud) {
  if (aliases.includes(word)) return ofAlias(word, cloud)
  if (/[:/]/.test(word) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)) return word
  throw new UsageError(`${isShown(word) ? `"${word}"` : 'The scope'} is not an alias. Use an https address, a GUID, or one of ${aliases.join(', ')}`)
}

/** Whether a word may be shown: a mistyped alias, and not a token. @param {string} word */
function isShown(word) {
  return /^[a-z-]{1,20}$/i.test(word) && require('../binding').binding().shownValue('ALIAS', word) === word
}

/** @param {string} alias @param {Cloud} cloud */
function ofAlias(alias, cloud) {
  if (Object.hasOwn(resources[cloud], alias)) return resources[cloud][alias]
  throw new UsageError(`The cloud ${cloud} has no service for the alias "${alias}". Use the address of the service in that cloud`)
}

module.exports = { aliases, resourceOf }
