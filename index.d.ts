/**
 * Microsoft Entra ID access tokens for Node.js.
 *
 * This file is the public contract: anything that is not described here may change in any release. Times are
 * milliseconds, and moments are milliseconds since the epoch. A wrong argument type throws a `TypeError`; every other
 * failure is a {@link ClientTokenError} with a stable `code`, or the reason of the caller's own abort signal.
 *
 * The types that Azure SDK clients exchange with a credential are declared structurally, so that this package needs no
 * other one: see `TokenCredential`, `GetTokenOptions` and `AccessToken` of `@azure/core-auth`.
 *
 * @packageDocumentation
 */

/**
 * Gets an Azure access token for the current login context.
 *
 * The login context is that of Pulumi's Azure Native provider: its `ARM_*` variables, and its configuration if the
 * program runs inside Pulumi. If they choose no login, a program outside Pulumi gets the default chain of Azure's SDKs
 * (the `AZURE_*` variables, a workload identity, a managed identity, the Azure CLI, the Azure Developer CLI, Azure
 * PowerShell), and one inside Pulumi gets the Azure CLI. The context is read once, at the first call; {@link clearCache}
 * makes the next call read it again.
 *
 * Tokens are cached for the whole process, and concurrent calls for the same token share one request.
 *
 * ```js
 * import { getClientToken } from 'azure-client-token'
 *
 * const { token } = await getClientToken()
 * const graph = await getClientToken({ endpoint: 'https://graph.microsoft.com' })
 * ```
 *
 * @throws {@link ConfigurationError} a setting is missing, malformed or contradictory
 * @throws {@link CredentialUnavailableError} no credential could even try
 * @throws {@link AuthenticationError} the identity service, or the tool asked, refused
 * @throws {@link ServiceUnavailableError} the identity service throttles requests or is unavailable
 * @throws {@link UnexpectedIdentityError} the token is for another identity than the credential's `expect` names
 * @throws {@link ResourceExhaustedError} the machine has no more threads, descriptors, memory, processes or room on a disk
 * @throws {@link NetworkError} there was no usable answer
 * @throws {@link TimeoutError} `timeout` passed
 */
export function getClientToken(
  args?: GetClientTokenArgs | null,
  opts?: GetClientTokenOptions | null
): Promise<GetClientTokenResult>

/**
 * Describes the identity of the current login context.
 *
 * It asks for one Microsoft Graph token and reads its claims. It asks Graph itself only if the token does not name its
 * owner (`oid`).
 *
 * @throws as {@link getClientToken}
 */
export function getClientConfig(opts?: GetClientTokenOptions | null): Promise<GetClientConfigResult>

/**
 * Reports which credential the current login context leads to, and why not the others: every source that was considered,
 * every attempt, and the names of the settings that were found, but never a value.
 *
 * It asks for a token as {@link getClientToken} would. If that call would reject without a token or without usable
 * settings, this one resolves and reports why.
 *
 * @throws {@link ConfigurationError} an argument of the call is invalid
 */
export function explain(
  args?: GetClientTokenArgs | null,
  opts?: GetClientTokenOptions | null
): Promise<Explanation>

/**
 * Returns a function that resolves to a token for the scopes, for clients that accept one: `azureADTokenProvider` of
 * `openai`, the `password` of `pg`. It corresponds to `getBearerTokenProvider` of `@azure/identity`; without a
 * credential it uses the current login context. A token of this package's credentials comes from their cache at each
 * call. A token of another credential is kept, and renewed two minutes before it expires or when it says so itself.
 *
 * @throws TypeError for a credential without `getToken`, or scopes that are no texts
 */
export function getBearerTokenProvider(
  credential: TokenCredentialLike,
  scopes: string | string[],
  options?: BearerTokenProviderOptions
): () => Promise<string>
/** Does the same for the current login context. */
export function getBearerTokenProvider(
  scopes: string | string[],
  options?: BearerTokenProviderOptions
): () => Promise<string>

/** Any credential: `TokenCredential` of `@azure/core-auth`. */
export interface TokenCredentialLike {
  /** Gets a token for the scopes, or null. */
  getToken(
    scopes: string | string[],
    options?: any
  ): Promise<{
    /** The access token. */
    token: string
    /** When it expires, in milliseconds since 1970. */
    expiresOnTimestamp: number
    /** When to get a newer one, in milliseconds since 1970. */
    refreshAfterTimestamp?: number
  } | null>
}

/** What a token provider passes on to its credential with each call. */
export interface BearerTokenProviderOptions {
  /** As {@link GetTokenOptions.abortSignal}, for each call. */
  abortSignal?: AbortSignalLike
  /** As {@link GetTokenOptions.tracingOptions}. */
  tracingOptions?: object
}

/**
 * Forgets every token and every setting read so far, in all threads of the process: at once in the calling thread,
 * within a second in the others.
 */
export function clearCache(): void

/** What to get a token for. */
export interface GetClientTokenArgs {
  /**
   * The API to be called, for example `https://graph.microsoft.com`, `api://GUID` or a bare GUID. It is used unchanged:
   * the scope is `endpoint` + `/.default`, so a trailing slash stays in the token's `aud`. An endpoint that already ends
   * in `/.default` is the scope. An endpoint with white space or a control character is a ConfigurationError.
   *
   * Default (also for an empty string): Azure Resource Manager of the configured cloud, with a trailing slash.
   */
  endpoint?: string
}

/** How to get the token. */
export interface GetClientTokenOptions {
  /** Ends this call, and only this call, with the signal's own reason. Work that is shared with other calls continues. */
  signal?: CallSignal
  /**
   * The time limit of this call, everything included, in milliseconds: from 1 to 2,147,483,647.
   * Default: {@link CommonOptions.timeout} of the credential, else 60,000.
   */
  timeout?: number
  /** The scopes to ask for, instead of `args.endpoint`; their order does not matter. Naming both is an error. */
  scopes?: string | readonly string[]
  /**
   * Asks this tenant instead of the configured one, for this call. The tenant must be among the credential's
   * `additionallyAllowedTenants` (`'*'` allows all). A credential without a tenant of its own accepts any: a tool or a
   * command whose tenant is not set, and a chain with only such members. A managed identity has tokens of its own tenant
   * only, so it ignores this option, as in Azure's SDKs.
   */
  tenantId?: string
  /** A claims challenge to pass on, as JSON text. A call with claims never gets a token that was cached without them. */
  claims?: string
  /** Ask for a token that takes part in Continuous Access Evaluation. Default: false. */
  enableCae?: boolean
  /** Ask for a new token even if a valid one is cached. The new one replaces it. Default: false. */
  forceRefresh?: boolean

  /** Accepted for compatibility with `pulumi.InvokeOptions`, without effect. */
  version?: string
  /** Accepted for compatibility with `pulumi.InvokeOptions`, without effect. */
  pluginDownloadURL?: string
  /** Accepted for compatibility with `pulumi.InvokeOptions`, without effect. */
  async?: boolean
  /** Without effect, unless the parent has a provider: see `provider`. */
  parent?: object
  /**
   * A Pulumi provider would mean another identity, which this entry does not know: it throws a
   * {@link ConfigurationError} that names `azure-client-token/pulumi`, the entry for Pulumi programs.
   */
  provider?: object
}

/** A token, and what is known about it. It is frozen, and structurally an `AccessToken` of `@azure/core-auth`. */
export interface GetClientTokenResult {
  /** The access token, which follows `Authorization: Bearer `. A secret. */
  readonly token: string
  /** When the token expires, in milliseconds since the epoch. */
  readonly expiresOnTimestamp: number
  /** When the cache begins to renew the token in the background: the service's `refresh_in`, or a rule of this package. */
  readonly refreshAfterTimestamp?: number
  /** Always `Bearer`: a resource accepts the token from any client that presents it. */
  readonly tokenType: 'Bearer'
  /** The tenant that issued the token, if known. */
  readonly tenantId?: string
  /**
   * The application of the token, if the token names it (`appid` or `azp`) by a GUID or by an id of the settings. Any other
   * text might be a secret.
   */
  readonly clientId?: string
  /**
   * The service principal or user of the token, if the token names it (`oid`) in the same way. Azure Cache for Redis uses it
   * as the user name. No request is made for it; {@link getClientConfig} asks Graph if a token does not name it.
   */
  readonly objectId?: string
  /** The kind of credential that gave it. */
  readonly source: CredentialKind
  /** Where the token was kept: in this process, or in the store of the option `cache`. Absent: a service gave it now. */
  readonly cachedIn?: CachedIn
}

/** Where a token was kept: in the memory of this process, in the files of this machine's user, or in a store that machines share. */
export type CachedIn = 'memory' | 'machine' | 'shared'

/** The identity behind the current login context. */
export interface GetClientConfigResult {
  /** The application (client) id. */
  readonly clientId: string
  /** The object id of the service principal or user. */
  readonly objectId: string
  /** The configured subscription; under the Azure CLI, its active one. Empty if there is none. */
  readonly subscriptionId: string
  /** The tenant. */
  readonly tenantId: string
}

/** The kind of credential that a token came from. */
export type CredentialKind =
  | 'clientSecret'
  | 'clientCertificate'
  | 'clientAssertion'
  | 'oidc'
  | 'workloadIdentity'
  | 'managedIdentity'
  | 'azureCli'
  | 'azureDeveloperCli'
  | 'azurePowerShell'
  | 'onBehalfOf'
  | 'command'

/**
 * A credential with settings of its own, for every Azure SDK client: a `TokenCredential` of `@azure/core-auth`.
 *
 * Its settings are fixed at construction. Only some kinds read the environment: `'environment'`, `'pulumi'` and
 * `'default'`; for options that are not set, `'workloadIdentity'` (`AZURE_TENANT_ID`, `AZURE_CLIENT_ID`,
 * `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_AUTHORITY_HOST`, and with `enableAzureProxy` `AZURE_KUBERNETES_*`) and `'oidc'`
 * in Azure Pipelines (`SYSTEM_OIDCREQUESTURI`); and a chain with such members. For every kind the environment decides
 * what belongs to the machine: proxies and certificates, a managed identity's endpoint, the Azure CLI's folder, and
 * `AZURE_ADDITIONALLY_ALLOWED_TENANTS`. `AZURE_REGIONAL_AUTHORITY_NAME` sends applications' requests
 * (`client_credentials`) to the token service of that region, only in Microsoft's own clouds, and never for another
 * `authorityHost`, an AD FS, or on behalf of a user. Credentials with equal settings share their tokens with each other
 * and with {@link getClientToken}.
 *
 * ```js
 * import { ClientTokenCredential } from 'azure-client-token'
 *
 * const credential = new ClientTokenCredential()
 * const { token } = await credential.getToken('https://vault.azure.net/.default')
 * ```
 */
export class ClientTokenCredential {
  /**
   * @param options - Without options: the current login context, as in {@link getClientToken}.
   * @throws {@link ConfigurationError} a setting is missing, malformed or contradictory
   */
  constructor(options?: ClientTokenOptions)
  /** Gets a token for the scopes. Azure SDK clients call this method. It never resolves to null. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<GetClientTokenResult>
  /** As the function {@link getClientToken}, with this credential's settings. */
  getClientToken(
    args?: GetClientTokenArgs | null,
    opts?: GetClientTokenOptions | null
  ): Promise<GetClientTokenResult>
  /** As the function {@link explain}, with this credential's settings. */
  explain(args?: GetClientTokenArgs | null, opts?: GetClientTokenOptions | null): Promise<Explanation>
  /**
   * Passes a token for the scopes to the listener as soon as there is one, and then each new one, for connections that
   * need it: AUTH of Redis. It checks at least once a minute, so it also notices a token that replaced another one after
   * {@link clearCache} or `forceRefresh`. After a failure the next try follows in 30 seconds, or later if the service
   * asks for that. A watch does not keep the process alive, except during a call that waits for a token.
   *
   * ```js
   * import { ClientTokenCredential } from 'azure-client-token'
   *
   * const watch = new ClientTokenCredential().watch('https://redis.azure.com/.default', {
   *   onToken: ({ objectId, token }) => console.log(`AUTH ${objectId}, ${token.length} characters`),
   *   onError: (error) => console.error(error),
   * })
   * setTimeout(() => watch.dispose(), 1_000)
   * ```
   *
   * @throws TypeError for scopes or a listener of a wrong type
   */
  watch(scopes: string | string[], listener: TokenListener): TokenWatch
  /**
   * As the function {@link getBearerTokenProvider}, with this credential's settings.
   *
   * @throws TypeError for scopes that are no texts
   */
  getBearerTokenProvider(scopes: string | string[], options?: BearerTokenProviderOptions): () => Promise<string>
}

/** Receives tokens. An error that one of its functions throws is an uncaught exception, as in any event listener. */
export interface TokenListener {
  /** Called with the first token, and with each new one. */
  onToken(result: GetClientTokenResult): void
  /** Called with each failure to get a token, which is what {@link getClientToken} rejects with. The watch continues. */
  onError?(error: Error): void
  /** Ends the watch when it is aborted. */
  signal?: CallSignal
}

/** A watch that {@link ClientTokenCredential.watch} has started. */
export interface TokenWatch {
  /** Ends the watch: its listener is not called any more. */
  dispose(): void
}

/**
 * A call for a token that the near cache, which keeps the tokens of its thread, does not answer: the message of the
 * tracing channel `azure-client-token:acquire` of `node:diagnostics_channel`. All events of a call have the same object;
 * the members that are known only at the end are set in `asyncStart`, `asyncEnd` and `error`. It contains no token and
 * no claims.
 *
 * ```js
 * import { subscribe } from 'node:diagnostics_channel'
 * import { getClientToken } from 'azure-client-token'
 *
 * subscribe('tracing:azure-client-token:acquire:asyncEnd', (message) => {
 *   const { scopes, reason, from, source, error } = message
 *   console.log(scopes, reason, from ?? error.code, source)
 * })
 * await getClientToken({ endpoint: 'https://vault.azure.net' })
 * ```
 */
export interface TokenAcquisition {
  /** The requested scopes. Absent: Azure Resource Manager of the configured cloud. */
  readonly scopes?: readonly string[]
  /** The tenant that the call names; at the end the one that issued the token, if known. */
  readonly tenantId?: string
  /**
   * The reason for the call. `missing`: the near cache has no token that it may still hand out. `due`: its token is due
   * for renewal. `forced`: `forceRefresh`. `claims`: the call answers a claims challenge.
   */
  readonly reason: 'missing' | 'due' | 'forced' | 'claims'
  /** At the end: the origin of the token: a service or tool, or where it was kept. Absent: there is none. */
  readonly from?: CachedIn | 'service'
  /** At the end: the kind of credential that gave the token, or failed last. */
  readonly source?: CredentialKind
  /** At the end: the sources that were tried, in order; empty if the token was in memory. */
  readonly attempts?: readonly Attempt[]
  /** At the end: when the token expires, in milliseconds since the epoch. */
  readonly expiresOnTimestamp?: number
  /** At the end: the HTTP status of a refusal, if the error has it. */
  readonly statusCode?: number
  /** At the end: the host that was asked, if the error names it. */
  readonly host?: string
  /** At the end: the id for Microsoft's support, if a refusal has it. */
  readonly correlationId?: string
  /** At the end: the error with which the call rejects. */
  readonly error?: unknown
}

/**
 * A command to the store of {@link CommonOptions.cache}: the message of the channel `azure-client-token:store` of
 * `node:diagnostics_channel`, published when the command has ended. It contains no key and no value.
 */
export interface StoreCommand {
  /** The function of {@link TokenStore}; `setIfAbsent` is `set` with `ifAbsent`. */
  readonly command: 'get' | 'set' | 'setIfAbsent' | 'delete' | 'extend'
  /** `done`; `nothing`: the key did not exist, or existed already; `failed`: the store rejected, or was too slow. */
  readonly outcome: 'done' | 'nothing' | 'failed'
  /** Its duration in milliseconds. */
  readonly milliseconds: number
  /** For a failure: the `code` or `name` of the store's error, if that is a single word. */
  readonly errorType?: string
}

/**
 * The options that Azure SDK clients pass to `getToken`: `GetTokenOptions` of `@azure/core-auth`. Members that are not
 * declared here are accepted and have no effect, except `proofOfPossessionOptions`, which is refused: the tokens are
 * bearer tokens.
 */
export interface GetTokenOptions {
  /** Ends this call with an error named `AbortError`, or with the signal's own reason if it has one. */
  abortSignal?: AbortSignalLike
  /** Only its member `timeout` has an effect. */
  requestOptions?: {
    /** As {@link GetClientTokenOptions.timeout}. */
    timeout?: number
  }
  /** Accepted, without effect. */
  tracingOptions?: object
  /** As {@link GetClientTokenOptions.claims}. */
  claims?: string
  /** As {@link GetClientTokenOptions.enableCae}. */
  enableCae?: boolean
  /** As {@link GetClientTokenOptions.tenantId}. */
  tenantId?: string
}

/** The global `AbortSignal` if the program's libraries declare one, else the part of it that is used here. */
export type CallSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : AbortSignalLike

/** The part of an `AbortSignal` that Azure SDK clients rely on: `AbortSignalLike` of `@azure/abort-controller`. */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean
  /** Adds a listener, which is called at the abort. */
  addEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
  /** Removes a listener that was added. */
  removeEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
}

/** The settings of a {@link ClientTokenCredential}: `credential` names the kind and decides which others are allowed. */
export type ClientTokenOptions =
  | ClientSecretOptions
  | ClientCertificateOptions
  | ClientAssertionOptions
  | OidcOptions
  | WorkloadIdentityOptions
  | ManagedIdentityOptions
  | AzureCliOptions
  | AzureDeveloperCliOptions
  | AzurePowerShellOptions
  | OnBehalfOfOptions
  | CommandOptions
  | EnvironmentOptions
  | PulumiOptions
  | DefaultOptions
  | ChainOptions

/** The settings that every kind shares. */
export interface CommonOptions {
  /**
   * The name of the cloud, in any case: `public`, `usgovernment`, `china`, or one of their other names. Default: the
   * cloud of `AZURE_AUTHORITY_HOST` if that is a host of Microsoft's and applies (see `authorityHost`), else `public`;
   * for the kinds `'environment'`, `'pulumi'` and `'default'`, and a chain with one of them, the cloud of the login
   * context (`ARM_METADATA_HOSTNAME`, `ARM_ENVIRONMENT`, `AZURE_ENVIRONMENT`).
   */
  environment?: string
  /**
   * The identity service, instead of the cloud's: an https address; any other one is a ConfigurationError. Default, if
   * neither `environment` nor `metadataHost` is given: `AZURE_AUTHORITY_HOST`, as in Azure's SDKs, for every kind that
   * asks Entra ID for an application and for a chain with one. The kinds `'environment'`, `'pulumi'` and `'default'`
   * read it if none of their three variables names a cloud.
   */
  authorityHost?: string
  /**
   * A host whose metadata document describes the cloud, for clouds without a name here: a host name or an https address;
   * http only on this machine. It takes precedence over `environment`.
   */
  metadataHost?: string
  /** Tenants besides its own that a call may ask for; `['*']` allows all. Default: none. */
  additionallyAllowedTenants?: readonly string[]
  /** The default of {@link GetClientTokenOptions.timeout} for this credential. */
  timeout?: number
  /**
   * The proxy for this credential's requests: an `http:`, `https:`, `socks5:` or `socks5h:` address, with user and
   * password if the proxy requires them, percent-encoded (`@` is `%40`); `false` for none. An address with a path, a
   * query or a fragment is an `ERR_CONFIGURATION`. Requests to managed identity endpoints never use a proxy. Default:
   * `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case.
   */
  proxy?: string | false
  /** Certificates (PEM) to trust in addition to the system's, or `SSL_CERT_FILE`'s, and `NODE_EXTRA_CA_CERTS`'. */
  ca?: string | Uint8Array | readonly (string | Uint8Array)[]
  /**
   * The identity that tokens must belong to. A token of another identity, or one without the claims that name it, is
   * refused with an {@link UnexpectedIdentityError} before it is kept or returned, which ends a chain; members of a
   * chain inherit this option. It protects against mistakes, such as the wrong account of `az login`: the claims are
   * read, and their signature is not verified. Default: every token is accepted.
   */
  expect?: ExpectedIdentity
  /**
   * Where tokens are kept besides this process's memory; `false`: nowhere. Default: the value of
   * `AZURE_CLIENT_TOKEN_CACHE`, `machine` or `off` (any other value is a ConfigurationError), else nowhere.
   *
   * `'machine'` means `{ kind: 'machine' }`: the processes of one user on one machine share encrypted files. The files
   * contain the tokens of every kind except `'onBehalfOf'` and `'command'`; those of a managed identity without an id
   * only outside containers, and those of `'clientAssertion'` only with a {@link ClientAssertionOptions.cacheKey}.
   *
   * A store that machines share keeps tokens of applications: those of `'clientSecret'`, `'clientCertificate'`,
   * `'clientAssertion'`, `'oidc'` and `'workloadIdentity'`. Of a chain, it keeps those of such members; for any other
   * kind it is a ConfigurationError.
   *
   * Calls with `claims` or `enableCae` use neither store. A failing store costs time and never a token: a shared one at
   * most {@link SharedTokenStore.patience} for each command. The option belongs to a chain, not to its members.
   */
  cache?: false | 'machine' | MachineCacheOptions | SharedTokenStore
  /**
   * Receives what was tried, decided and requested: never a body, a header's value or a secret. It is called from the
   * event loop, after the fact. An error that it throws is an uncaught exception, as in any callback of Node.js.
   */
  onLog?: (entry: LogEntry) => void
}

/**
 * Where the processes of a fleet keep tokens: texts by keys, each with a time to live. `azure-client-token/redis` makes
 * one from a client of Redis; implement it for anything else that can set a key only if it is absent.
 *
 * A rejected promise means that the store is unavailable at the moment. It never fails a call for a token.
 */
export interface TokenStore {
  /** Returns the value of the key; `null` or `undefined` if there is none. */
  get(key: string, signal: StoreSignal): Promise<string | null | undefined>
  /** Writes the value; resolves to whether it was written. */
  set(key: string, value: string, options: TokenStoreSetOptions, signal: StoreSignal): Promise<boolean>
  /** Deletes the key if it holds this value. */
  delete(key: string, value: string, signal: StoreSignal): Promise<unknown>
  /**
   * Gives the key a new time to live if it holds this value. Without this function a lease is not extended, so a request
   * for a token that takes longer than its lease may be made twice.
   */
  extend?(key: string, value: string, options: TokenStoreTtl, signal: StoreSignal): Promise<unknown>
}

/** How long a key lives. */
export interface TokenStoreTtl {
  /** Milliseconds from now. */
  ttl: number
}

/** How {@link TokenStore.set} writes. */
export interface TokenStoreSetOptions extends TokenStoreTtl {
  /** Writes only if the key is absent. Default: `false`. */
  ifAbsent?: boolean
}

/**
 * A store that processes of several machines share: one of them asks for a token, and the others wait for what it
 * writes. The values are encrypted (AES-256-GCM), and their names are hashed with a key.
 */
export interface SharedTokenStore {
  /** Names this kind of store. */
  kind: 'shared'
  /** The store itself. */
  store: TokenStore
  /**
   * The first key encrypts, all of them decrypt. To replace a key, add the new one as the second everywhere, then make
   * it the first, then remove the old one. A key gives access to the tokens of every application that uses it, so use
   * one key for each application.
   */
  keys: readonly [StoreKey, ...StoreKey[]]
  /** The prefix of all names in the store. Default: `act`. */
  prefix?: string
  /** The time limit of one command of the store, in milliseconds. Default: 500. */
  patience?: number
  /**
   * How long other processes wait for the one that asks for a token, in milliseconds, before another one asks. Default:
   * 10,000. No call waits more than two seconds longer, or longer than half of its timeout.
   */
  lease?: number
}

/** The store of a machine: files that the processes of one user share. docs/sharing-tokens.md says what it protects against. */
export interface MachineCacheOptions {
  /** Names this kind of store. */
  kind: 'machine'
  /**
   * The folder in which `azure-client-token/v1` is created, an absolute path. Default: `AZURE_CLIENT_TOKEN_CACHE_DIR`,
   * else the user's cache folder: `XDG_CACHE_HOME` or `~/.cache`, on macOS `~/Library/Caches`, on Windows
   * `%LOCALAPPDATA%`. A folder that is a link, belongs to another user, or that others may write to is not used: then
   * nothing is stored, and the log has one warning.
   */
  directory?: string
  /**
   * Where the encryption key is. `'required'` (default): in the key store of the system, which is the kernel's keyring
   * on Linux, the Keychain on macOS, DPAPI on Windows; without one nothing is stored, and the log has one warning.
   * `'file'`: in a file of mode 0600 beside the tokens; a program that can read your files can decrypt them. Or your
   * program gives the keys.
   */
  protection?: 'required' | 'file' | {
    /** The keys: the first one encrypts, all of them decrypt. */
    keys: readonly [StoreKey, ...StoreKey[]]
  }
}

/** A key of a {@link SharedTokenStore}, or of {@link MachineCacheOptions.protection}. */
export interface StoreKey {
  /** The name of the key: 1 to 32 ASCII characters. It is written beside each value, unencrypted. */
  id: string
  /** 32 random bytes, or base64 of them. A secret. */
  key: Uint8Array | string
}

/** Aborted when the time for a command of the store has passed. */
export type StoreSignal = CallSignal

/** Ids that a token must have, at least one of them, in any case. Anything but a GUID is an `ERR_CONFIGURATION`. */
export interface ExpectedIdentity {
  /** The tenant: the claim `tid`. */
  readonly tenantId?: string
  /** The application: the claim `appid`, in tokens of version 2.0 `azp`. */
  readonly clientId?: string
  /** The service principal or user: the claim `oid`. */
  readonly objectId?: string
}

/** One line of log. */
export interface LogEntry {
  /** How severe it is. */
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  /** One sentence, without a secret. */
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

/** An application in a tenant. */
export interface ApplicationOptions extends CommonOptions {
  /** The tenant: a GUID or a domain name. */
  tenantId: string
  /** The application (client) id. */
  clientId: string
}

/** A federated managed identity (FMI) for which an application gets tokens. */
export interface FederatedManagedIdentityOptions {
  /**
   * The path of the identity, `fmi_path` of the token request: the token is for that identity, with a scope such as
   * `api://AzureFMITokenExchange/.default`. Default: the token is the application's own.
   */
  fmiPath?: string
}

/** An application that authenticates with a client secret. */
export interface ClientSecretOptions extends ApplicationOptions, FederatedManagedIdentityOptions {
  /** Names this kind of credential. */
  credential: 'clientSecret'
  /** The value of the secret, not its id. */
  clientSecret: string
}

/** Where a certificate and its private key come from. The content decides whether it is PEM or PKCS#12 (PFX). */
export type CertificateOptions = CertificateByPath | CertificateByValue

/** A certificate in a file. */
export interface CertificateByPath extends CertificateDetails {
  /** The file. It is read again when it changes. */
  certificatePath: string
  /** Not beside `certificatePath`. */
  certificate?: never
}

/** A certificate that the program itself has. */
export interface CertificateByValue extends CertificateDetails {
  /** The bytes; as a string: PEM text, or base64 of the bytes. */
  certificate: string | Uint8Array
  /** Not beside `certificate`. */
  certificatePath?: never
}

/** How a certificate is read and used. */
export interface CertificateDetails {
  /** The password of the PKCS#12 archive, or of an encrypted PEM key; it may be empty. */
  password?: string
  /** Whether to send the certificate chain (`x5c`), for subject name and issuer authentication. Default: false. */
  sendCertificateChain?: boolean
}

/** An application that authenticates with a certificate. */
export type ClientCertificateOptions = ApplicationOptions & {
  /** Names this kind of credential. */
  credential: 'clientCertificate'
} & CertificateOptions & FederatedManagedIdentityOptions

/** Returns a client assertion: a signed token that Entra ID trusts. Called for each acquisition. */
export type AssertionCallback = () => string | PromiseLike<string>

/** An application that authenticates with an assertion that the program makes. A rejection becomes the `cause`. */
export interface ClientAssertionOptions extends ApplicationOptions, FederatedManagedIdentityOptions {
  /** Names this kind of credential. */
  credential: 'clientAssertion'
  /** Returns the assertion of the application. */
  getAssertion: AssertionCallback
  /**
   * Distinguishes this function from others if processes share tokens: those with another text do not get its tokens.
   * Default: only the tenant and the application distinguish them.
   */
  cacheKey?: string
}

/** An application that authenticates with the token of another identity provider (federated identity credential). */
export type OidcOptions = ApplicationOptions & {
  /** Names this kind of credential. */
  credential: 'oidc'
} & FederatedManagedIdentityOptions & (
    | OidcConstantToken
    | OidcTokenFile
    | OidcTokenRequest
    | OidcAzurePipelines
    | OidcManagedIdentity
  )

/** A token that the program already has. */
export interface OidcConstantToken {
  /** The token, a JWT. */
  oidcToken: string
}

/** A file that contains the token. It is read for each acquisition. */
export interface OidcTokenFile {
  /** The path of the file. */
  oidcTokenFilePath: string
}

/** A service that returns the token for a request token, as GitHub Actions does. */
export interface OidcTokenRequest {
  /** The address of the service: `ACTIONS_ID_TOKEN_REQUEST_URL` in GitHub Actions. */
  oidcRequestUrl: string
  /** The token for the service: `ACTIONS_ID_TOKEN_REQUEST_TOKEN` in GitHub Actions. */
  oidcRequestToken: string
  /** The audience to ask for. Default: the cloud's, `api://AzureADTokenExchange` in the public one. */
  oidcAudience?: string
}

/** Azure Pipelines. */
export interface OidcAzurePipelines {
  /** The id of the service connection. */
  serviceConnectionId: string
  /** The job's `System.AccessToken`. */
  systemAccessToken: string
  /** Default: the job's `SYSTEM_OIDCREQUESTURI`. */
  oidcRequestUri?: string
}

/** A managed identity whose token serves as the assertion. */
export interface OidcManagedIdentity {
  /** Which managed identity gives the token; `{}` is the system-assigned one. */
  managedIdentity: ManagedIdentityId
  /** The audience to ask for. Default: the cloud's, `api://AzureADTokenExchange` in the public one. */
  oidcAudience?: string
}

/** Azure Kubernetes Service workload identity. Options that are not set come from the variables of its webhook. */
export interface WorkloadIdentityOptions extends CommonOptions {
  /** Names this kind of credential. */
  credential: 'workloadIdentity'
  /** Default: `AZURE_TENANT_ID`. */
  tenantId?: string
  /** Default: `AZURE_CLIENT_ID`. */
  clientId?: string
  /** Default: `AZURE_FEDERATED_TOKEN_FILE`. It is read for each acquisition. */
  tokenFilePath?: string
  /**
   * Whether to use the cluster's identity-binding proxy (`AZURE_KUBERNETES_*`); if the cluster has none, the option
   * changes nothing. Default: false.
   */
  enableAzureProxy?: boolean
}

/** Names a user-assigned identity by one of its ids; without an id it is the system-assigned one. */
export type ManagedIdentityId =
  | { clientId?: never; objectId?: never; resourceId?: never }
  | {
      /** The client id (application id) of the identity. */
      clientId: string
      objectId?: never
      resourceId?: never
    }
  | {
      /** The object id (principal id) of the identity. */
      objectId: string
      clientId?: never
      resourceId?: never
    }
  | {
      /** The Azure Resource Manager id of the identity. */
      resourceId: string
      clientId?: never
      objectId?: never
    }

/**
 * The managed identity of the host: a virtual machine, App Service, Functions, Container Apps, Azure Arc, Service
 * Fabric, Cloud Shell, Azure Machine Learning. Naming an identity if the host cannot choose is a {@link
 * ConfigurationError}. On Azure Arc it is an {@link AuthenticationError} unless the agent's answer confirms the
 * identity: an agent without support for user-assigned identities gives the token of the server's own.
 *
 * These hosts accept no claims challenge. With `claims`, App Service and Service Fabric get the SHA-256 of the cached
 * token that a resource has refused (`token_sha256_to_refresh`), and with `enableCae` the information that the caller
 * handles claims challenges (`xms_cc`), as in Microsoft's authentication libraries; the other hosts decide whether the
 * token is a new one.
 *
 * If the metadata service of virtual machines does not answer, or says that there is no identity and none was named,
 * that is a {@link CredentialUnavailableError}. Once it has given a token, its silence is a `retryable` {@link
 * NetworkError}, until `clearCache()`.
 */
export type ManagedIdentityOptions = CommonOptions & {
  /** Names this kind of credential. */
  credential: 'managedIdentity'
} & ManagedIdentityId

/**
 * The settings of sources that start another program. The program gets `process.env` of the moment when the credential
 * is created; the Azure CLI, the Azure Developer CLI and Azure PowerShell get it without `ARM_CLIENT_SECRET`,
 * `AZURE_CLIENT_SECRET`, `ARM_CLIENT_CERTIFICATE_PASSWORD`, `AZURE_CLIENT_CERTIFICATE_PASSWORD` and `ARM_OIDC_TOKEN`.
 * These three run in the root folder, or that of `SystemRoot` on Windows, as Azure's own libraries run them; relative
 * paths of `AZURE_CONFIG_DIR`, `AZD_CONFIG_DIR` and the home folder begin in the working folder of the moment when the
 * credential is created.
 * The program is ended, with all that it has started, at its time limit, when no call waits for it any more, and when
 * this process ends, even by a signal; the last of these needs `/bin/sh`, except on Windows.
 */
export interface ProcessOptions extends CommonOptions {
  /** The time limit of the program, in milliseconds. Default: 10,000. */
  processTimeout?: number
}

/** The account of `az login`. */
export interface AzureCliOptions extends ProcessOptions {
  /** Names this kind of credential. */
  credential: 'azureCli'
  /** The tenant to ask for. Default: the account's. */
  tenantId?: string
  /** The subscription, by id or name, whose account to use. */
  subscription?: string
}

/** The account of `azd auth login`. */
export interface AzureDeveloperCliOptions extends ProcessOptions {
  /** Names this kind of credential. */
  credential: 'azureDeveloperCli'
  /**
   * The tenant to ask for. Default: that of the subscription in `AZURE_SUBSCRIPTION_ID`, else the account's. A project of
   * azd around the working folder does not count.
   */
  tenantId?: string
}

/** The account of `Connect-AzAccount`. */
export interface AzurePowerShellOptions extends ProcessOptions {
  /** Names this kind of credential. */
  credential: 'azurePowerShell'
  /** The tenant to ask for. Default: the account's. */
  tenantId?: string
}

/** A server that acts for the user who called it. The application authenticates in one of the three ways. */
export type OnBehalfOfOptions = ApplicationOptions & {
  /** Names this kind of credential. */
  credential: 'onBehalfOf'
  /** The user's access token, issued for this application. */
  userAssertion: string
} & (
    | {
        /** The application's secret. */
        clientSecret: string
      }
    | {
        /** Returns the assertion of the application. */
        getAssertion: AssertionCallback
      }
    | CertificateOptions
  )

/**
 * A program that prints a token, run without a shell: JSON with `token` and `expiresOn` (a date text, or seconds since
 * the epoch), or the bare token. Without `expiresOn` a JWT's own `exp` counts; an opaque token is treated as valid for
 * five minutes. The program cannot answer a claims challenge. Its tokens are cached until they expire, because a change
 * of its login cannot be detected: a program that logs another user in must call {@link clearCache}.
 */
export interface CommandOptions extends Omit<ProcessOptions, 'environment'> {
  /** Names this kind of credential. */
  credential: 'command'
  /**
   * The path of the program, or its name in `PATH`. A relative path begins in the working folder of the moment when the
   * credential is created. The program runs in the working folder of the moment when it starts; its tokens are cached
   * regardless of that folder.
   */
  program: string
  /**
   * `{scope}` and `{tenant}` in an argument are replaced; several scopes are separated by spaces. A call that names
   * another tenant than `tenantId` is a {@link ConfigurationError} if no argument has `{tenant}`, and so is a call that
   * names none if an argument has it and `tenantId` is not set.
   */
  arguments?: readonly string[]
  /** The value of `{tenant}` if the call names no tenant. */
  tenantId?: string
  /**
   * An object: the program's whole environment, in place of `process.env` of the moment when the credential is created.
   * Its `PATH` names the folders in which the program is looked for. A text: the cloud, as for every credential.
   */
  environment?: string | ProgramEnvironment
}

/** The `AZURE_*` variables of a service principal: a secret or a certificate. */
export interface EnvironmentOptions extends CommonOptions {
  /** Names this kind of credential. */
  credential: 'environment'
}

/**
 * Exactly what Pulumi's Azure Native provider would choose from its `ARM_*` variables, without the default chain. In a
 * chain it only chooses a credential: the cloud and the allowed tenants are the chain's, as for every member.
 */
export interface PulumiOptions extends CommonOptions {
  /** Names this kind of credential. */
  credential: 'pulumi'
}

/**
 * Environment, workload identity, managed identity, Azure CLI, Azure Developer CLI, Azure PowerShell: the first
 * available one. `AZURE_TOKEN_CREDENTIALS` restricts them to `dev`, `prod` or one by name.
 */
export interface DefaultOptions extends CommonOptions {
  /** Names this kind of credential. */
  credential: 'default'
  /** Variables that must be set; a missing one is a {@link ConfigurationError}. */
  requiredEnvVars?: string | readonly string[]
}

/**
 * Sources of your own choice, in order: the next one is asked only if one is not available. A wrong option of a member,
 * or a wrong variable that it reads, is a {@link ConfigurationError}; settings that are not set are not an error.
 */
export interface ChainOptions extends CommonOptions {
  /** Names this kind of credential. */
  credential: 'chain'
  /** The sources, in the order in which they are asked. */
  chain: readonly ChainMember[]
}

/**
 * A source in a chain. Common options belong to the chain, and its members do not have them. The `environment` of a
 * command is its own.
 */
export type ChainMember = WithoutCommonOptions<Exclude<ClientTokenOptions, ChainOptions | CommandOptions>> | CommandMember

/** A command in a chain, which may have an `environment` of its own. */
export type CommandMember = Omit<CommandOptions, keyof CommonOptions> &
  { [Name in Exclude<keyof CommonOptions, 'environment'>]?: never } & {
    /** The program's environment, as in {@link CommandOptions}. */
    environment?: ProgramEnvironment
  }

/** The variables of a program by name; undefined ones are left out. */
export type ProgramEnvironment = Readonly<Record<string, string | undefined>>

/** The own options of each kind. The others are forbidden by name, because a union accepts the members of all its parts. */
export type WithoutCommonOptions<Kind> = Kind extends unknown
  ? Omit<Kind, keyof CommonOptions> & { [Name in keyof CommonOptions]?: never }
  : never

/** The result of {@link explain}. */
export interface Explanation {
  /** The kind that gave a token, or that failed. */
  readonly source?: CredentialKind
  /** Where its token was kept. Absent: a service gave it now, or there is none. */
  readonly cachedIn?: CachedIn
  /** The requested scopes. */
  readonly scopes: readonly string[]
  /** Every source that was considered, in order, including those after the chosen one. */
  readonly considered: readonly ConsideredSource[]
  /** The settings found that belong to no single source: cloud, tenants, subscription, network, log. */
  readonly settings: readonly SeenSetting[]
  /** The attempts, in order: one for a single source, several for a chain. */
  readonly attempts: readonly Attempt[]
  /**
   * The error with which {@link getClientToken} rejects; absent if there is a token. Unusable settings are reported
   * here.
   */
  readonly error?: ExplainedError
}

/** One source that was considered. */
export interface ConsideredSource {
  /** `chain` is the default chain as a whole: if it is chosen, its sources follow. */
  readonly source: CredentialKind | 'chain'
  /**
   * `chosen`: it is asked, in a chain in its turn. `overruled`: it is available, but an earlier one is chosen.
   * `notConfigured`: no setting selects it. `incomplete`: a setting selects it, and another one is missing or malformed.
   */
  readonly decision: 'chosen' | 'overruled' | 'notConfigured' | 'incomplete'
  /** The settings found for it. */
  readonly settings: readonly SeenSetting[]
  /** Why it is `incomplete`. */
  readonly error?: ExplainedError
}

/** An error as data, to be printed or sent: see {@link ClientTokenError}. */
export interface ExplainedError {
  /** As {@link ClientTokenError.code}. */
  readonly code: ClientTokenErrorCode
  /** As the message of the error. */
  readonly message: string
  /** The names of the settings concerned, if there are any. */
  readonly settings: readonly string[]
}

/** A setting that was found: its name and its origin, never its value. */
export interface SeenSetting {
  /** The name of the variable, the configuration key or the option. */
  readonly name: string
  /** The origin of its value: a variable, an option or a configuration key. */
  readonly suppliedBy: 'config' | 'environment' | 'option'
}

/** One source that was tried. */
export interface Attempt {
  /** The kind of credential. */
  readonly source: CredentialKind
  /** The outcome of the try. */
  readonly outcome: 'used' | 'failed' | 'unavailable'
  /** Why, as a sentence. */
  readonly reason?: string
  /** Its duration in milliseconds. */
  readonly milliseconds: number
}

/**
 * How far a request had come: the last step that had begun.
 *
 * `dns`: looking up the host's name. `connect`: opening the connection. `proxy`: connecting through the proxy. `tls`:
 * agreeing on TLS with the host. `request`: sending the request, and waiting for the answer to begin. `response`:
 * reading the answer.
 */
export type RequestPhase = 'dns' | 'connect' | 'proxy' | 'tls' | 'request' | 'response'

/**
 * What a call was doing: a step of a request, or what precedes and follows one.
 *
 * `prepare`: reading files, decrypting keys, signing. `assertion`: waiting for the program's own `getAssertion()`.
 * `program`: waiting for another program, such as `az`. `queue`: waiting for one of the 48 connections to a host.
 * `retry`: waiting before another try; the error's `cause` is the last failure.
 */
export type CallPhase = RequestPhase | 'prepare' | 'assertion' | 'program' | 'queue' | 'retry'

/**
 * The base of every error of this package: one of the classes below; or, with the code `ERR_ADDON`, a native addon that
 * cannot be loaded; or, with the code `ERR_INTERNAL`, a defect of the package itself. Its `code` is stable; its
 * `message` is for the user and may change. None of its properties, and no printed form of it, contains a secret.
 */
export class ClientTokenError extends Error {
  /** Only this package creates errors. */
  protected constructor()
  /** The kind of failure; it stays the same from version to version. */
  readonly code: ClientTokenErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean
  /**
   * Where to read more: a section of the file TROUBLESHOOTING.md in this package, about the kind of credential that
   * failed, or else about the code; for example `azure-client-token/TROUBLESHOOTING.md#managed-identity`.
   */
  readonly help: string
  /** The sources that were tried, in order; empty if there were none. */
  readonly attempts: readonly Attempt[]
  /** The error that caused this one, if there is one. */
  readonly cause?: unknown
}

/** The codes of errors: one for each class, `ERR_ADDON` and `ERR_INTERNAL`. */
export type ClientTokenErrorCode =
  | 'ERR_CONFIGURATION'
  | 'ERR_CREDENTIAL_UNAVAILABLE'
  | 'ERR_AUTHENTICATION'
  | 'ERR_SERVICE_UNAVAILABLE'
  | 'ERR_UNEXPECTED_IDENTITY'
  | 'ERR_RESOURCE_EXHAUSTED'
  | 'ERR_NETWORK'
  | 'ERR_TIMEOUT'
  | 'ERR_ADDON'
  | 'ERR_INTERNAL'

/** A setting is missing, malformed or contradictory. */
export class ConfigurationError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_CONFIGURATION'
  /** The names of the settings concerned: variables, configuration keys, options. */
  readonly settings: readonly string[]
}

/** No source could try: none is configured, installed, logged in, or on a host that has it. */
export class CredentialUnavailableError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_CREDENTIAL_UNAVAILABLE'
}

/** Entra ID, the managed identity endpoint or a tool refused, or the program's own `getAssertion()` rejected. */
export class AuthenticationError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_AUTHENTICATION'
  /** The HTTP status; undefined if a tool such as `az` reports the refusal. */
  readonly statusCode?: number
  /** The OAuth error, for example `invalid_client`. */
  readonly error?: string
  /** The numbers of the AADSTS codes, for example `[7000215]`. */
  readonly errorCodes: readonly number[]
  /** The OAuth suberror, which says what the user could do. */
  readonly suberror?: string
  /** The id of the request for Microsoft's support. */
  readonly correlationId?: string
  /** The trace id for Microsoft's support. */
  readonly traceId?: string
  /** A claims challenge. Pass it as {@link GetClientTokenOptions.claims} once the user has satisfied it. */
  readonly claims?: string
}

/**
 * Entra ID, the token service of a managed identity, or an OIDC service throttles requests or is unavailable: it
 * answered with 408, 429 or 5xx, `temporarily_unavailable` or AADSTS90033, even after the retries. `retryable` is true.
 *
 * If the service said how long to wait (`Retry-After`), calls for the same token fail with this error at once, without a
 * request, until that time has passed, an hour at most; `forceRefresh` and {@link clearCache} end the wait.
 */
export class ServiceUnavailableError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_SERVICE_UNAVAILABLE'
  /** The HTTP status; undefined if a tool such as `az` reports it. */
  readonly statusCode?: number
  /**
   * How long to wait before the next call, in milliseconds, if the service said so (`Retry-After`, with up to a fifth
   * more, so that programs which were refused together do not return together).
   */
  readonly retryAfter?: number
  /** The OAuth error, for example `temporarily_unavailable`. */
  readonly error?: string
  /** The numbers of the AADSTS codes, for example `[90033]`. */
  readonly errorCodes: readonly number[]
  /** The id of the request for Microsoft's support. */
  readonly correlationId?: string
  /** The trace id for Microsoft's support. */
  readonly traceId?: string
  /** The host that answered. */
  readonly host?: string
}

/**
 * The token does not have the identity that {@link CommonOptions.expect} names, or does not state its identity. It was
 * neither kept nor returned.
 */
export class UnexpectedIdentityError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_UNEXPECTED_IDENTITY'
  /** The identity that `expect` names. */
  readonly expected: ExpectedIdentity
  /**
   * The identity in the token; empty if the token cannot be read. An id that is not a GUID may be a secret that a
   * service repeats, so its length is shown instead: `(20 characters, not shown)`.
   */
  readonly found: ExpectedIdentity
}

/** A resource of which the machine has no more for this process. */
export type ExhaustedResource = 'threads' | 'descriptors' | 'memory' | 'processes' | 'disk' | 'randomness'

/**
 * The operating system refused a thread, a file descriptor, memory, a process or random numbers that the call needs, or a
 * tool found no room on a disk. `retryable` is true: the next call asks for it again. Close what the program holds open,
 * raise the limit (`ulimit`, the container's pids limit), or make room.
 */
export class ResourceExhaustedError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_RESOURCE_EXHAUSTED'
  /** The resource that the machine lacks. */
  readonly resource: ExhaustedResource
}

/** There was no usable answer: name resolution, connection, TLS, proxy, or a malformed answer. */
export class NetworkError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_NETWORK'
  /** The host that was asked. */
  readonly host?: string
  /** The phase of the request. */
  readonly phase?: RequestPhase
}

/**
 * The call's `timeout` passed, or the time limit of another program (`processTimeout`). Its `attempts` are the sources
 * that were tried until then; the last one had not ended.
 */
export class TimeoutError extends ClientTokenError {
  /** The code of this class. */
  readonly code: 'ERR_TIMEOUT'
  /** What the call was doing when its time ended. The message names the host or program that it waited for. */
  readonly phase: CallPhase
}

export {}
