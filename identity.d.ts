/**
 * A drop-in for `@azure/identity`: its classes, options and errors, implemented with this package's credentials.
 *
 * A program only changes `from '@azure/identity'` to `from 'azure-client-token/identity'`. The file
 * `docs/azure-identity.md` of this package describes how each option is treated, and each deliberate difference.
 *
 * @packageDocumentation
 */

/** An access token in the form of Azure SDK clients: `AccessToken` of `@azure/core-auth`. */
export interface AccessToken {
  /** The token. It is a secret. */
  token: string
  /** When the token expires, in milliseconds since the epoch. */
  expiresOnTimestamp: number
  /** When the cache begins to renew the token in the background, in milliseconds since the epoch. */
  refreshAfterTimestamp?: number
  /** Always `Bearer` from the credentials of this package. */
  tokenType?: 'Bearer' | 'pop'
}

/** The global `AbortSignal` if the program's libraries declare one, else the part of it that is used here. */
export type CallSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : AbortSignalLike

/** `AbortSignalLike` of `@azure/abort-controller`. */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean
  /** Adds a listener, which is called at the abort. */
  addEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
  /** Removes the listener. */
  removeEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
}

/** `TracingContext` of `@azure/core-auth`. Accepted, without effect. */
export interface TracingContext {
  /** Returns a context with this value. */
  setValue(key: symbol, value: unknown): TracingContext
  /** Returns the value of a key. */
  getValue(key: symbol): unknown
  /** Returns a context without this value. */
  deleteValue(key: symbol): TracingContext
}

/** The options of one call: `GetTokenOptions` of `@azure/core-auth`. */
export interface GetTokenOptions {
  /** Ends this call, and only this call, with the signal's own reason, else with an error named `AbortError`. */
  abortSignal?: AbortSignalLike
  /** Limits of the request. */
  requestOptions?: {
    /** The time limit of this call, everything included, in milliseconds. Default: 60,000. */
    timeout?: number
  }
  /** Accepted, without effect. */
  tracingOptions?: {
    /** Passed on unchanged. */
    tracingContext?: TracingContext
  }
  /** A claims challenge, as JSON text. A call with claims never gets a token that was cached without them. */
  claims?: string
  /** Ask for a token that takes part in Continuous Access Evaluation. Default: false. */
  enableCae?: boolean
  /** Ask this tenant: the credential's own, or one of `additionallyAllowedTenants`. */
  tenantId?: string
  /** Refused with a ConfigurationError: the tokens are bearer tokens. */
  proofOfPossessionOptions?: {
    /** The resource's nonce. */
    nonce: string
    /** The method of the request that the token is for. */
    resourceRequestMethod: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS' | 'TRACE'
    /** The address of the request that the token is for. */
    resourceRequestUrl: string
  }
}

/** `TokenCredential` of `@azure/core-auth`. The credentials of this package never resolve to null. */
export interface TokenCredential {
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>
}

/** A log function for one level, with the interface of `@azure/logger`. */
export interface Debugger {
  /** Writes one line, formatted by `util.format`. */
  (...args: any[]): void
  /** Whether it writes. At its first use AZURE_LOG_LEVEL (`verbose`, `info`, `warning`, `error`) decides that. */
  enabled: boolean
  /** Disables it. */
  destroy: () => boolean
  /** The function that writes: to stderr, unless the program replaces it. */
  log: (...args: any[]) => void
  /** The namespace of its lines, for example `azure:identity:info`. */
  namespace: string
  /** Returns a log function with a longer namespace. */
  extend: (namespace: string) => Debugger
}

/** `AzureLogger` of `@azure/logger`. */
export interface AzureLogger {
  /** Failures. */
  error: Debugger
  /** Possible causes of failures. */
  warning: Debugger
  /** The actions of credentials. */
  info: Debugger
  /** Details. */
  verbose: Debugger
}

/** The logger of this entry. Credentials that are created while a level is enabled write to it. No line contains a secret. */
export declare const logger: AzureLogger

/** The options of every credential. */
export interface TokenCredentialOptions {
  /** The authority, an https address. Default: `AZURE_AUTHORITY_HOST`, else the public cloud's. */
  authorityHost?: string
  /** Accepted, without effect: no log of this package has a body, a header's value or a secret. */
  loggingOptions?: {
    /** Without effect: the log names the application and the tenant. */
    allowLoggingAccountIdentifiers?: boolean
    /** Without effect: no level shows a secret. */
    enableUnsafeSupportLogging?: boolean
    /** Without effect: no header's value is logged. */
    additionalAllowedHeaderNames?: string[]
    /** Without effect: the log shows no query. */
    additionalAllowedQueryParameters?: string[]
    /** Without effect: lines go to {@link logger}. */
    logger?: Debugger
  }
  /** The proxy for this credential's requests. `host` has the scheme: `http://proxy.example`. */
  proxyOptions?: {
    /** The proxy's scheme and host name. */
    host: string
    /** The proxy's port. */
    port: number
    /** The user name for the proxy. Default: no login. */
    username?: string
    /** The password for the proxy. */
    password?: string
  }
  /** `ca` is supported: authorities to trust in addition to the system's. A client certificate is refused. */
  tlsOptions?: {
    /** Certificates of authorities, as PEM. */
    ca?: string | Bytes | (string | Bytes)[] | undefined
    /** Refused with a ConfigurationError that names it. */
    cert?: any
    /** Refused with a ConfigurationError that names it. */
    key?: any
    /** Refused with a ConfigurationError that names it. */
    passphrase?: string | undefined
    /** Refused with a ConfigurationError that names it. */
    pfx?: any
  }
  /** Accepted, without effect: the user agent is this package's. */
  userAgentOptions?: {
    /** Without effect. */
    userAgentPrefix?: string
  }
  /** Accepted, without effect: an authority is always https, and the host decides a managed identity's endpoint. */
  allowInsecureConnection?: boolean
  /**
   * When a request is repeated, as in `@azure/core-rest-pipeline`. For options that are not set, docs/faults.md describes
   * the rules. The time limit of a call grows by the sum of these waits.
   *
   * @throws `TypeError` for any other value.
   */
  retryOptions?: {
    /** The number of tries after the first one, whatever the failure; a whole number, 0 or more. */
    maxRetries?: number
    /** The first wait, in milliseconds. It doubles, and each wait is between half of that and all of it. */
    retryDelayInMs?: number
    /** The longest wait, in milliseconds, unless the service asks for a longer one with `Retry-After`. */
    maxRetryDelayInMs?: number
  }
  /** Refused with a ConfigurationError that names it: no redirect is followed. */
  redirectOptions?: {
    /** The number of redirects to follow. */
    maxRetries?: number
    /** Whether another host's redirect is followed. */
    allowCrossOriginRedirects?: boolean
  }
  /** Refused with a ConfigurationError that names it. */
  telemetryOptions?: {
    /** The name of the header for the request's id. */
    clientRequestIdHeaderName?: string
  }
  /** Refused with a ConfigurationError that names it: native code makes the requests. */
  httpClient?: any
  /** Refused with a ConfigurationError that names it: native code makes the requests. */
  additionalPolicies?: any[]
  /** Refused with a ConfigurationError that names it: the process shares its connections. */
  agent?: any
}

/** The options of credentials that may ask several tenants. */
export interface MultiTenantTokenCredentialOptions extends TokenCredentialOptions {
  /** Tenants besides its own that a call may ask for; `*` allows all. Default: none. */
  additionallyAllowedTenants?: string[]
}

/** Options of credentials whose original validates the authority. */
export interface AuthorityValidationOptions {
  /** Accepted, without effect: no public host is asked whether an authority is valid. */
  disableInstanceDiscovery?: boolean
}

/** The store of the machine: files in the user's cache folder, which docs/sharing-tokens.md describes. No plug-in is needed. */
export interface TokenCachePersistenceOptions {
  /** Whether tokens are kept there. */
  enabled: boolean
  /** The name of a part of the store: programs with another name share no tokens with this one. Default: the part without a name. */
  name?: string
  /** `true`: the encryption key is in a file beside the tokens. Default: in the key store of the system; without one nothing is stored. */
  unsafeAllowUnencryptedStorage?: boolean
}

/** Options of credentials whose original keeps tokens on disk. */
export interface CredentialPersistenceOptions {
  /** For a token on behalf of a user, an enabled store is refused with a ConfigurationError. */
  tokenCachePersistenceOptions?: TokenCachePersistenceOptions
}

/** A login through the broker of the system, which this package does not have. */
export interface BrokerEnabledOptions {
  /** Refused with a ConfigurationError. */
  enabled: true
  /** Without effect. */
  legacyEnableMsaPassthrough?: boolean
  /** Without effect. */
  parentWindowHandle: Uint8Array
  /** Without effect. */
  useDefaultBrokerAccount?: boolean
}

/** No login through the broker of the system. */
export interface BrokerDisabledOptions {
  /** Accepted: there is no broker. */
  enabled: false
  /** Without effect. */
  legacyEnableMsaPassthrough?: undefined
  /** Without effect. */
  parentWindowHandle: undefined
}

/** Whether to log in through the broker of the system. */
export type BrokerOptions = BrokerEnabledOptions | BrokerDisabledOptions

/** Options of credentials whose original may log in through a broker. */
export interface BrokerAuthOptions {
  /** An enabled broker is refused with a ConfigurationError that names the option. */
  brokerOptions?: BrokerOptions
}

/** The account with which a user logged in, for the logins that this package does not have. */
export interface AuthenticationRecord {
  /** The host of the authority. */
  authority: string
  /** The account, with the tenant that it belongs to. */
  homeAccountId: string
  /** The application, by its client id. */
  clientId: string
  /** The tenant. */
  tenantId: string
  /** The name with which the account logs in. */
  username: string
}

/** Returns the record as JSON text. */
export declare function serializeAuthenticationRecord(record: AuthenticationRecord): string

/** @throws Error for a record of another version than 1.0 */
export declare function deserializeAuthenticationRecord(serializedRecord: string): AuthenticationRecord

/** The error in a service's answer. */
export interface ErrorResponse {
  /** The OAuth error, for example `invalid_client`; without one, this package's code. */
  error: string
  /** The description in the answer, without secrets. */
  errorDescription: string
  /** The numbers of the AADSTS codes. */
  errorCodes?: number[]
  /** When the service answered, by its own clock. */
  timestamp?: string
  /** The trace id for Microsoft's support. */
  traceId?: string
  /** The id of the request for Microsoft's support. */
  correlationId?: string
}

/** The `name` of a {@link CredentialUnavailableError}. */
export declare const CredentialUnavailableErrorName = 'CredentialUnavailableError'

/** The credential could not try, or a tool has no token. Its `cause` is this package's own error. */
export declare class CredentialUnavailableError extends Error {
  /** An error of this class, as a program's own credential may throw it. */
  constructor(message?: string, options?: {
      /** The error that led to it. */
      cause?: unknown
    })
}

/** The `name` of an {@link AuthenticationError}. */
export declare const AuthenticationErrorName = 'AuthenticationError'

/**
 * The environment's application or a managed identity was refused, or a service is unavailable, throttles or does not
 * answer. It ends a chain. Its `cause` is this package's own error.
 */
export declare class AuthenticationError extends Error {
  /** The status of the answer; always 400 from EnvironmentCredential; 0 if there was no answer. */
  readonly statusCode: number
  /** The error in the service's answer. */
  readonly errorResponse: ErrorResponse
  /** An error of this class, as a program's own credential may throw it. */
  constructor(statusCode: number, errorBody: object | string | undefined | null, options?: {
      /** The error that led to it. */
      cause?: unknown
    })
}

/** The `name` of an {@link AggregateAuthenticationError}. */
export declare const AggregateAuthenticationErrorName = 'AggregateAuthenticationError'

/** No credential of a chain has a token. `errors` has the error of each. */
export declare class AggregateAuthenticationError extends Error {
  /** The error of each credential, in the order of the chain. */
  errors: any[]
  /** An error of this class, as a program's own credential may throw it. */
  constructor(errors: any[], errorMessage?: string)
}

/** What an {@link AuthenticationRequiredError} is made from. */
export interface AuthenticationRequiredErrorOptions {
  /** The requested scopes. */
  scopes: string[]
  /** The options of the call. */
  getTokenOptions?: GetTokenOptions
  /** The error's message. */
  message?: string
  /** The error that led to it. */
  cause?: unknown
}

/**
 * Entra ID refused an application, or its assertion could not be made. In addition to its declared members it has `statusCode`
 * and `errorResponse`, like an AuthenticationError; its `cause` is this package's own error.
 */
export declare class AuthenticationRequiredError extends Error {
  /** The requested scopes. */
  scopes: string[]
  /** The options of the call. */
  getTokenOptions?: GetTokenOptions
  /** An error of this class, as a program's own credential may throw it. */
  constructor(options: AuthenticationRequiredErrorOptions)
}

/** The authorities of Microsoft's clouds. */
export declare enum AzureAuthorityHosts {
  /** Azure in China. */
  AzureChina = 'https://login.chinacloudapi.cn',
  /** The former cloud in Germany. */
  AzureGermany = 'https://login.microsoftonline.de',
  /** Azure of the US government. */
  AzureGovernment = 'https://login.microsoftonline.us',
  /** The public cloud. */
  AzurePublicCloud = 'https://login.microsoftonline.com'
}

/** Credentials in order. The next one is asked only after a CredentialUnavailableError or AuthenticationRequiredError. */
export declare class ChainedTokenCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(...sources: TokenCredential[])
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link ClientSecretCredential}. */
export interface ClientSecretCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** An application that authenticates with a client secret. */
export declare class ClientSecretCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(tenantId: string, clientId: string, clientSecret: string, options?: ClientSecretCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** A certificate as text. */
export interface ClientCertificatePEMCertificate {
  /** The certificate and its private key, PEM. */
  certificate: string
  /** The password of an encrypted key or archive. */
  certificatePassword?: string
}

/** A certificate in a file. */
export interface ClientCertificatePEMCertificatePath {
  /** A file with the certificate and its private key: PEM, or PKCS#12. It is read again when it changes. */
  certificatePath: string
  /** The password of an encrypted key or archive. */
  certificatePassword?: string
}

/** A certificate as text or in a file. */
export type ClientCertificateCredentialPEMConfiguration =
  | ClientCertificatePEMCertificate
  | ClientCertificatePEMCertificatePath

/** Options of {@link ClientCertificateCredential}. */
export interface ClientCertificateCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {
  /** Whether to send the certificate chain (`x5c`). Default: false. */
  sendCertificateChain?: boolean
}

/** An application that authenticates with a certificate. */
export declare class ClientCertificateCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(tenantId: string, clientId: string, certificatePath: string, options?: ClientCertificateCredentialOptions)
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificatePath,
    options?: ClientCertificateCredentialOptions
  )
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificate,
    options?: ClientCertificateCredentialOptions
  )
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link ClientAssertionCredential}. */
export interface ClientAssertionCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** An application that authenticates with an assertion that the program makes. */
export declare class ClientAssertionCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    tenantId: string,
    clientId: string,
    getAssertion: () => Promise<string>,
    options?: ClientAssertionCredentialOptions
  )
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link EnvironmentCredential}. */
export interface EnvironmentCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {}

/**
 * The application of `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH`.
 * Its failures are AuthenticationErrors, which end a chain; so is the login of a user by `AZURE_USERNAME` and
 * `AZURE_PASSWORD`, which this package does not have.
 */
export declare class EnvironmentCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: EnvironmentCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link WorkloadIdentityCredential}. */
export interface WorkloadIdentityCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  /** Default: `AZURE_TENANT_ID`. */
  tenantId?: string
  /** Default: `AZURE_CLIENT_ID`. */
  clientId?: string
  /** Default: `AZURE_FEDERATED_TOKEN_FILE`. */
  tokenFilePath?: string
  /** Whether to use the cluster's identity-binding proxy (`AZURE_KUBERNETES_*`). Default: false. */
  enableAzureProxy?: boolean
}

/** Workload identity of Azure Kubernetes Service. */
export declare class WorkloadIdentityCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: WorkloadIdentityCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** A user-assigned identity by its client id. */
export interface ManagedIdentityCredentialClientIdOptions extends TokenCredentialOptions {
  /** The identity's client id. Default: the system-assigned identity. */
  clientId?: string
}

/** A user-assigned identity by its resource id. */
export interface ManagedIdentityCredentialResourceIdOptions extends TokenCredentialOptions {
  /** The identity's resource id in Azure Resource Manager. */
  resourceId: string
}

/** A user-assigned identity by its object id. */
export interface ManagedIdentityCredentialObjectIdOptions extends TokenCredentialOptions {
  /** The object id of the identity's service principal. */
  objectId: string
}

/** The managed identity of the host: the system-assigned one, or the one that an id names. */
export declare class ManagedIdentityCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(clientId: string, options?: TokenCredentialOptions)
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: ManagedIdentityCredentialClientIdOptions)
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: ManagedIdentityCredentialResourceIdOptions)
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: ManagedIdentityCredentialObjectIdOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link AzurePipelinesCredential}. */
export interface AzurePipelinesCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** A service connection of Azure Pipelines. */
export declare class AzurePipelinesCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    tenantId: string,
    clientId: string,
    serviceConnectionId: string,
    systemAccessToken: string,
    options?: AzurePipelinesCredentialOptions
  )
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** A server that authenticates with a client secret. */
export interface OnBehalfOfCredentialSecretOptions {
  /** The tenant. */
  tenantId: string
  /** The application, by its client id. */
  clientId: string
  /** The server's client secret. */
  clientSecret: string
  /** The access token with which the user called the server. */
  userAssertionToken: string
}

/** A server that authenticates with a certificate. */
export interface OnBehalfOfCredentialCertificateOptions {
  /** The tenant. */
  tenantId: string
  /** The application, by its client id. */
  clientId: string
  /** A file with the certificate and its private key: PEM, or PKCS#12. */
  certificatePath: string
  /** The access token with which the user called the server. */
  userAssertionToken: string
  /** Whether to send the certificate chain (`x5c`). Default: false. */
  sendCertificateChain?: boolean
}

/** A server that authenticates with an assertion that the program makes. */
export interface OnBehalfOfCredentialAssertionOptions {
  /** The tenant. */
  tenantId: string
  /** The application, by its client id. */
  clientId: string
  /** Returns the assertion, a JWT. */
  getAssertion: () => Promise<string>
  /** The access token with which the user called the server. */
  userAssertionToken: string
}

/** How the server authenticates, and for which user it acts. */
export type OnBehalfOfCredentialOptions = (
  | OnBehalfOfCredentialSecretOptions
  | OnBehalfOfCredentialCertificateOptions
  | OnBehalfOfCredentialAssertionOptions
) &
  MultiTenantTokenCredentialOptions &
  CredentialPersistenceOptions &
  AuthorityValidationOptions

/** A server that acts for the user who called it. */
export declare class OnBehalfOfCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    options: OnBehalfOfCredentialCertificateOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    options: OnBehalfOfCredentialSecretOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(
    options: OnBehalfOfCredentialAssertionOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link AzureCliCredential}. */
export interface AzureCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** The tenant. Default: that of the login. */
  tenantId?: string
  /** The time limit of az, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
  /** The subscription, by id or name, whose account to use. */
  subscription?: string
}

/** The account of `az login`. */
export declare class AzureCliCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: AzureCliCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link AzureDeveloperCliCredential}. */
export interface AzureDeveloperCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** The tenant. Default: that of the login. */
  tenantId?: string
  /** The time limit of azd, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
}

/** The account of `azd auth login`. */
export declare class AzureDeveloperCliCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: AzureDeveloperCliCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link AzurePowerShellCredential}. */
export interface AzurePowerShellCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** The tenant. Default: that of the login. */
  tenantId?: string
  /** The time limit of PowerShell, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
}

/** The account of `Connect-AzAccount`. */
export declare class AzurePowerShellCredential implements TokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: AzurePowerShellCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Variables that {@link DefaultAzureCredentialOptions.requiredEnvVars} may name. */
export type DefaultAzureCredentialEnvVars =
  | 'AZURE_TOKEN_CREDENTIALS'
  | 'AZURE_CLIENT_ID'
  | 'AZURE_TENANT_ID'
  | 'AZURE_CLIENT_SECRET'
  | 'AZURE_CLIENT_CERTIFICATE_PATH'
  | 'AZURE_CLIENT_CERTIFICATE_PASSWORD'
  | 'AZURE_ADDITIONALLY_ALLOWED_TENANTS'
  | 'AZURE_CLIENT_SEND_CERTIFICATE_CHAIN'
  | 'AZURE_FEDERATED_TOKEN_FILE'

/** Options of {@link DefaultAzureCredential}. */
export interface DefaultAzureCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  /** The tenant. Default: `AZURE_TENANT_ID`, else that of the login. */
  tenantId?: string
  /** The time limit of each developer tool, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
  /** Variables without which the constructor throws. */
  requiredEnvVars?: DefaultAzureCredentialEnvVars | DefaultAzureCredentialEnvVars[]
}

/** Options of {@link DefaultAzureCredential} with identities by their client ids. */
export interface DefaultAzureCredentialClientIdOptions extends DefaultAzureCredentialOptions {
  /** The managed identity's client id. Default: `AZURE_CLIENT_ID`. */
  managedIdentityClientId?: string
  /** The workload identity's client id. Default: `managedIdentityClientId`, else `AZURE_CLIENT_ID`. */
  workloadIdentityClientId?: string
}

/** Options of {@link DefaultAzureCredential} with a managed identity by its resource id. */
export interface DefaultAzureCredentialResourceIdOptions extends DefaultAzureCredentialOptions {
  /** The managed identity's resource id in Azure Resource Manager. */
  managedIdentityResourceId: string
}

/**
 * Environment, workload identity, managed identity, (Visual Studio Code,) Azure CLI, Azure PowerShell, Azure Developer
 * CLI(, broker): the first available one; those in brackets never are. `AZURE_TOKEN_CREDENTIALS` restricts them to
 * `dev`, `prod` or one by name.
 */
export declare class DefaultAzureCredential extends ChainedTokenCredential {
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: DefaultAzureCredentialClientIdOptions)
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: DefaultAzureCredentialResourceIdOptions)
  /** Checks the arguments. The first call for a token makes the first request. */
  constructor(options?: DefaultAzureCredentialOptions)
}

/** Returns a new {@link DefaultAzureCredential}. */
export declare function getDefaultAzureCredential(): TokenCredential

/** Options of {@link getBearerTokenProvider}. */
export interface GetBearerTokenProviderOptions {
  /** Ends the calls that the provider makes. */
  abortSignal?: CallSignal
  /** Passed on to the credential. */
  tracingOptions?: {
    /** Passed on unchanged. */
    tracingContext?: TracingContext
  }
}

/**
 * Returns a function that resolves to a token for the scopes. The tokens of another package's credential are kept, and
 * renewed before they expire.
 */
export declare function getBearerTokenProvider(
  credential: TokenCredential,
  scopes: string | string[],
  options?: GetBearerTokenProviderOptions
): () => Promise<string>

/** Belongs to a login that this package does not have. */
export interface InteractiveCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  /** Belongs to a login that this package does not have. */
  authenticationRecord?: AuthenticationRecord
  /** Belongs to a login that this package does not have. */
  disableAutomaticAuthentication?: boolean
}

/** Belongs to a login that this package does not have. */
export interface BrowserCustomizationOptions {
  /** Belongs to a login that this package does not have. */
  browserCustomizationOptions?: {
    /** Belongs to a login that this package does not have. */
    errorMessage?: string
    /** Belongs to a login that this package does not have. */
    successMessage?: string
  }
}

/** Belongs to a login that this package does not have. */
export type BrowserLoginStyle = 'redirect' | 'popup'

/** Belongs to a login that this package does not have. */
export interface InteractiveBrowserCredentialNodeOptions
  extends InteractiveCredentialOptions,
    CredentialPersistenceOptions,
    BrowserCustomizationOptions,
    BrokerAuthOptions {
  /** Belongs to a login that this package does not have. */
  redirectUri?: string | (() => string)
  /** Belongs to a login that this package does not have. */
  tenantId?: string
  /** Belongs to a login that this package does not have. */
  clientId?: string
  /** Belongs to a login that this package does not have. */
  loginHint?: string
}

/** Belongs to a login that this package does not have. */
export interface InteractiveBrowserCredentialInBrowserOptions extends InteractiveCredentialOptions {
  /** Belongs to a login that this package does not have. */
  redirectUri?: string | (() => string)
  /** Belongs to a login that this package does not have. */
  tenantId?: string
  /** Belongs to a login that this package does not have. */
  clientId: string
  /** Belongs to a login that this package does not have. */
  loginStyle?: BrowserLoginStyle
  /** Belongs to a login that this package does not have. */
  loginHint?: string
}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class InteractiveBrowserCredential implements TokenCredential {
  /** Throws a ConfigurationError. */
  constructor(options: InteractiveBrowserCredentialNodeOptions | InteractiveBrowserCredentialInBrowserOptions)
  /** Not available: the constructor throws. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  /** Not available: the constructor throws. */
  authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord | undefined>
}

/** Belongs to a login that this package does not have. */
export interface DeviceCodeInfo {
  /** The code that the user enters. */
  userCode: string
  /** The page on which the user enters it. */
  verificationUri: string
  /** The message for the user. */
  message: string
}

/** Belongs to a login that this package does not have. */
export type DeviceCodePromptCallback = (deviceCodeInfo: DeviceCodeInfo) => void

/** Belongs to a login that this package does not have. */
export interface DeviceCodeCredentialOptions extends InteractiveCredentialOptions, CredentialPersistenceOptions {
  /** Belongs to a login that this package does not have. */
  tenantId?: string
  /** Belongs to a login that this package does not have. */
  clientId?: string
  /** Belongs to a login that this package does not have. */
  userPromptCallback?: DeviceCodePromptCallback
}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class DeviceCodeCredential implements TokenCredential {
  /** Throws a ConfigurationError. */
  constructor(options?: DeviceCodeCredentialOptions)
  /** Not available: the constructor throws. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  /** Not available: the constructor throws. */
  authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord | undefined>
}

/** Belongs to a login that this package does not have. */
export interface AuthorizationCodeCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class AuthorizationCodeCredential implements TokenCredential {
  /** Throws a ConfigurationError. */
  constructor(
    tenantId: string | 'common',
    clientId: string,
    clientSecret: string,
    authorizationCode: string,
    redirectUri: string,
    options?: AuthorizationCodeCredentialOptions
  )
  /** Throws a ConfigurationError. */
  constructor(
    tenantId: string | 'common',
    clientId: string,
    authorizationCode: string,
    redirectUri: string,
    options?: AuthorizationCodeCredentialOptions
  )
  /** Not available: the constructor throws. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Belongs to a login that this package does not have. */
export interface UsernamePasswordCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class UsernamePasswordCredential implements TokenCredential {
  /** Throws a ConfigurationError. */
  constructor(
    tenantId: string,
    clientId: string,
    username: string,
    password: string,
    options?: UsernamePasswordCredentialOptions
  )
  /** Not available: the constructor throws. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Belongs to a login that this package does not have. */
export interface VisualStudioCodeCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** Belongs to a login that this package does not have. */
  tenantId?: string
}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class VisualStudioCodeCredential implements TokenCredential {
  /** Throws a ConfigurationError. */
  constructor(options?: VisualStudioCodeCredentialOptions)
  /** Not available: the constructor throws. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** A plug-in of the original. */
export type IdentityPlugin = (context: unknown) => void

/** Throws a ConfigurationError: this package does not support plug-ins. */
export declare function useIdentityPlugin(plugin: IdentityPlugin): void

/** The global `Buffer` if the program's libraries declare one. */
export type Bytes = typeof globalThis extends { Buffer: { isBuffer(value: any): value is infer Global } } ? Global : Uint8Array

export {}
