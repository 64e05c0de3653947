// @ts-check
'use strict'

// ioredis with a Redis that accepts Microsoft Entra ID tokens: it has no hook for tokens, so the program itself sends AUTH with each
// renewed one. Reconnects use the newest token.
//
//   const redis = new Redis({ host, port: 6380, tls: {}, lazyConnect: true })
//   const watch = await authenticated(redis)

const { ClientTokenCredential } = require('azure-client-token')

/**
 * Connects a client that was created with `lazyConnect`. Resolves to the subscription, which ends the renewals.
 * @param {{ options: { username?: string | null, password?: string | null }, status: string, connect(): Promise<unknown>, auth(username: string, password: string): Promise<unknown> }} redis
 * @param {Pick<ClientTokenCredential, 'watch'>} [credential] default: the current login context's
 * @returns {Promise<import('azure-client-token').TokenWatch>}
 */
function authenticated(redis, credential = new ClientTokenCredential()) {
  return new Promise((resolve, reject) => {
    /** @type {import('azure-client-token').TokenWatch} */
    const watch = credential.watch('https://redis.azure.com/.default', {
      onToken({ objectId = '', token }) {
        Object.assign(redis.options, { username: objectId, password: token })
        if (redis.status === 'wait') redis.connect().then(() => resolve(watch), reject)
        else if (redis.status === 'ready') redis.auth(objectId, token).catch(console.error)
      },
      onError: console.error,
    })
  })
}

module.exports = { authenticated }
