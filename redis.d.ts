import type { TokenStore } from './index'

export type { AbortSignalLike, CallSignal, StoreSignal, TokenStore, TokenStoreSetOptions, TokenStoreTtl } from './index'

/**
 * A store of tokens in Redis or Valkey, for the option `cache`, over your own client. The client keeps its TLS, its login and
 * its reconnections, and you close it.
 *
 * It accepts the clients of: `redis` (node-redis) 5 and newer, with `createClient`, `createClientPool`, `createCluster` and
 * `createSentinel`; `ioredis` 5 and newer and `iovalkey`, with `Redis` and `Cluster`; `@valkey/valkey-glide` 2 and newer,
 * with `GlideClient` and `GlideClusterClient`.
 *
 * The commands are `GET`, `SET … PX`, `SET … PX … NX` and `EVAL`; if `EVAL` is refused, `GET`, `DEL` and `PEXPIRE` instead.
 * All of them go to the primary.
 *
 * @throws `ConfigurationError`: the value is not a client of these libraries, or the client reads from replicas.
 */
export function redisStore(client: object): TokenStore
