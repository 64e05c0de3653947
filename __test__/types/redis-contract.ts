// The entry for Redis, used as programs use it. Compiled, never run.

import { ClientTokenCredential, type SharedTokenStore, type TokenStore } from 'azure-client-token'
import { redisStore } from 'azure-client-token/redis'

declare const client: { sendCommand(parameters: string[]): Promise<unknown> }
const store: TokenStore = redisStore(client)
const cache: SharedTokenStore = { kind: 'shared', store, keys: [{ id: '2026-11', key: new Uint8Array(32) }] }
new ClientTokenCredential({ credential: 'workloadIdentity', cache })

// @ts-expect-error a client is an object
redisStore('redis://localhost')
// @ts-expect-error there is at least one key
const without: SharedTokenStore = { kind: 'shared', store, keys: [] }

export { without }
