// @ts-check
'use strict'

// node-redis (5 or newer) with a Redis that accepts Microsoft Entra ID tokens: the provider delivers each renewed token, and the client
// sends AUTH again.
//
//   const client = createClient({ url: 'rediss://NAME.redis.cache.windows.net:6380', credentialsProvider: credentialsProvider() })

const { ClientTokenCredential } = require('azure-client-token')

/**
 * A `credentialsProvider` for `createClient`. The token's object id is the user name.
 * @param {Pick<ClientTokenCredential, 'watch'>} [credential] default: the current login context's
 */
function credentialsProvider(credential = new ClientTokenCredential()) {
  return {
    type: /** @type {const} */ ('streaming-credentials-provider'),
    /** @param {{ onNext(credentials: { username?: string, password: string }): void, onError(error: Error): void }} listener */
    subscribe: (listener) => new Promise((resolve) => {
      let isSubscribed = false
      /** @type {import('azure-client-token').TokenWatch} */
      const watch = credential.watch('https://redis.azure.com/.default', {
        onToken({ objectId, token }) {
          const credentials = { username: objectId, password: token }
          if (isSubscribed) return listener.onNext(credentials)
          isSubscribed = true
          resolve([credentials, watch])
        },
        // node-redis has no listener before the first token.
        onError: (error) => (isSubscribed ? listener.onError(error) : console.error(error)),
      })
    }),
    onReAuthenticationError: console.error,
  }
}

module.exports = { credentialsProvider }
