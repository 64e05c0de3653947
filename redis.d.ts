import type { TokenStore } from './index'

export type { AbortSignalLike, CallSignal, StoreSignal, TokenStore, TokenStoreSetOptions, TokenStoreTtl } from './index'

/**
 * A store of tokens in Redis or Valkey, for the option `cache`, over a client of yours: it keeps its TLS, its login and its
 * reconnections, and you close it.
 *
 * It takes what these make: `redis` (node-redis) 5 and newer, with `createClient`, `createClientPool`, `createCluster` and
 * `createSentinel`; `ioredis` 5 and newer and `iovalkey`, with `Redis` and `Cluster`; `@valkey/valkey-glide` 2 and newer,
 * with `GlideClient` and `GlideClusterClient`.
 *
 * The commands are `GET`, `SET … PX`, `SET … PX … NX` and `EVAL`; where `EVAL` is refused, `GET`, `DEL` and `PEXPIRE` instead.
 * All of them go to the primary.
 *
 * @throws `ConfigurationError`: it is no client of these libraries, or one that is set to read from replicas.
 */
export function redisStore(client: object): TokenStore
