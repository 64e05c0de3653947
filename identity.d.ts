/**
 * A drop-in for `@azure/identity`: its classes, options and errors, with this package's credentials behind them.
 *
 * A program changes `from '@azure/identity'` to `from 'azure-client-token/identity'` and nothing else. What each option
 * comes to here, and each deliberate difference, is in `docs/azure-identity.md` of this package.
 *
 * @packageDocumentation
 */

/** An access token, as Azure SDK clients take it: `AccessToken` of `@azure/core-auth`. */
export interface AccessToken {
  /** The token. It is a secret. */
  token: string
  /** When the token expires, in milliseconds since the epoch. */
  expiresOnTimestamp: number
  /** From when on a new token is fetched in the background, in milliseconds since the epoch. */
  refreshAfterTimestamp?: number
  /** Always `Bearer` from the credentials of this package. */
  tokenType?: 'Bearer' | 'pop'
}

/** The global `AbortSignal` where the program's libraries declare one, else the part of it that is relied on. */
export type CallSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : AbortSignalLike

/** `AbortSignalLike` of `@azure/abort-controller`. */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean
  /** Has the listener called when it is aborted. */
  addEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
  /** Forgets the listener. */
  removeEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
}

/** `TracingContext` of `@azure/core-auth`. Accepted, without effect. */
export interface TracingContext {
  /** A context that has this value too. */
  setValue(key: symbol, value: unknown): TracingContext
  /** The value of a key. */
  getValue(key: symbol): unknown
  /** A context without this value. */
  deleteValue(key: symbol): TracingContext
}

/** The options of one call: `GetTokenOptions` of `@azure/core-auth`. */
export interface GetTokenOptions {
  /** Ends this call, and only this call, with the signal's own reason, else with an error named `AbortError`. */
  abortSignal?: AbortSignalLike
  /** Limits of the request. */
  requestOptions?: {
    /** The longest that this call may take, everything included, in milliseconds. Default: 60,000. */
    timeout?: number
  }
  /** Accepted, without effect. */
  tracingOptions?: {
    /** Handed on as it is. */
    tracingContext?: TracingContext
  }
  /** A claims challenge, as JSON text. A call with claims never gets a token cached without them. */
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

/** A log function of one level, in the shape of `@azure/logger`'s. */
export interface Debugger {
  /** Writes one line, formatted as by `util.format`. */
  (...args: any[]): void
  /** Whether it writes. AZURE_LOG_LEVEL (`verbose`, `info`, `warning`, `error`) decides when the logger is first used. */
  enabled: boolean
  /** Disables it. */
  destroy: () => boolean
  /** Where it writes: stderr, unless the program replaces it. */
  log: (...args: any[]) => void
  /** Whose lines it writes, for example `azure:identity:info`. */
  namespace: string
  /** A log function with a longer namespace. */
  extend: (namespace: string) => Debugger
}

/** `AzureLogger` of `@azure/logger`. */
export interface AzureLogger {
  /** Failures. */
  error: Debugger
  /** What may cause a failure. */
  warning: Debugger
  /** What credentials do. */
  info: Debugger
  /** Details. */
  verbose: Debugger
}

/** The logger of this entry. Credentials made while a level is enabled write to it. No line has a secret. */
export declare const logger: AzureLogger

/** What every credential's options may have. */
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
  /** `ca` is honoured: authorities to trust besides the system's. A client's certificate is refused. */
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
  /** Accepted, without effect: an authority is always https, a managed identity's endpoint what its host says. */
  allowInsecureConnection?: boolean
  /**
   * When a service is asked again, with the meaning that `@azure/core-rest-pipeline` gives it. What is left out is as docs/faults.md says. A
   * call has as much more time as all of these waits take.
   *
   * @throws `TypeError` for a value that is no such number.
   */
  retryOptions?: {
    /** The number of tries after the first, whatever kept it from succeeding; a whole number, 0 or more. */
    maxRetries?: number
    /** The first wait, in milliseconds. It doubles, and each wait is between half of that and all of it. */
    retryDelayInMs?: number
    /** The longest wait, in milliseconds; one that the service asks for by `Retry-After` may be longer. */
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
  /** Refused with a ConfigurationError that names it: requests are made by native code. */
  httpClient?: any
  /** Refused with a ConfigurationError that names it: requests are made by native code. */
  additionalPolicies?: any[]
  /** Refused with a ConfigurationError that names it: the process shares its connections. */
  agent?: any
}

/** Options of credentials that may ask more than one tenant. */
export interface MultiTenantTokenCredentialOptions extends TokenCredentialOptions {
  /** Tenants besides its own that a call may ask for; `*` allows all. Default: none. */
  additionallyAllowedTenants?: string[]
}

/** Options of credentials whose original validates the authority. */
export interface AuthorityValidationOptions {
  /** Accepted, without effect: no public host is asked about an authority. */
  disableInstanceDiscovery?: boolean
}

/** The store of the machine: files in the user's cache folder, which docs/sharing-tokens.md describes. No plug-in is needed. */
export interface TokenCachePersistenceOptions {
  /** Whether tokens are kept there. */
  enabled: boolean
  /** The name of a part of the store: programs with another name share no tokens with this one. Default: the part without a name. */
  name?: string
  /** `true`: the key is in a file beside the tokens. Default: in the key store of the system; without one nothing is kept. */
  unsafeAllowUnencryptedStorage?: boolean
}

/** Options of credentials whose original keeps tokens on disk. */
export interface CredentialPersistenceOptions {
  /** For a token on behalf of a user, refused with a ConfigurationError where it is enabled. */
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

/** Who a person logged in as: of the logins that this package does not have. */
export interface AuthenticationRecord {
  /** The host of the authority. */
  authority: string
  /** The account, with the tenant that it belongs to. */
  homeAccountId: string
  /** The application, by its client id. */
  clientId: string
  /** The tenant. */
  tenantId: string
  /** The name that the account logs in by. */
  username: string
}

/** The record as JSON text. */
export declare function serializeAuthenticationRecord(record: AuthenticationRecord): string

/** @throws Error for a record of another version than 1.0 */
export declare function deserializeAuthenticationRecord(serializedRecord: string): AuthenticationRecord

/** What a service answered. */
export interface ErrorResponse {
  /** The OAuth error, for example `invalid_client`; where there is none, this package's code. */
  error: string
  /** The description in the answer, without secrets. */
  errorDescription: string
  /** The numbers of the AADSTS codes. */
  errorCodes?: number[]
  /** When the service answered, by its own clock. */
  timestamp?: string
  /** The trace id, which Microsoft's support asks for. */
  traceId?: string
  /** The id of the request, which Microsoft's support asks for. */
  correlationId?: string
}

/** The `name` of a {@link CredentialUnavailableError}. */
export declare const CredentialUnavailableErrorName = 'CredentialUnavailableError'

/** The credential could not even try, or a tool has no token. Its `cause` is this package's own error. */
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
  /** Of the answer; 400 from EnvironmentCredential always; 0 where there was no answer. */
  readonly statusCode: number
  /** What the service answered. */
  readonly errorResponse: ErrorResponse
  /** An error of this class, as a program's own credential may throw it. */
  constructor(statusCode: number, errorBody: object | string | undefined | null, options?: {
      /** The error that led to it. */
      cause?: unknown
    })
}

/** The `name` of an {@link AggregateAuthenticationError}. */
export declare const AggregateAuthenticationErrorName = 'AggregateAuthenticationError'

/** No credential of a chain has a token: `errors` has what each said. */
export declare class AggregateAuthenticationError extends Error {
  /** The error of each credential, in the order of the chain. */
  errors: any[]
  /** An error of this class, as a program's own credential may throw it. */
  constructor(errors: any[], errorMessage?: string)
}

/** What an {@link AuthenticationRequiredError} is made from. */
export interface AuthenticationRequiredErrorOptions {
  /** The scopes that were asked for. */
  scopes: string[]
  /** The options of the call. */
  getTokenOptions?: GetTokenOptions
  /** The error's message. */
  message?: string
  /** The error that led to it. */
  cause?: unknown
}

/**
 * Entra ID refused an application, or its assertion could not be made. Besides its declared members it has `statusCode`
 * and `errorResponse`, as an AuthenticationError has; its `cause` is this package's own error.
 */
export declare class AuthenticationRequiredError extends Error {
  /** The scopes that were asked for. */
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

/** Credentials in order: the next is asked after a CredentialUnavailableError or AuthenticationRequiredError only. */
export declare class ChainedTokenCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(...sources: TokenCredential[])
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link ClientSecretCredential}. */
export interface ClientSecretCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** An application that proves itself by a client secret. */
export declare class ClientSecretCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(tenantId: string, clientId: string, clientSecret: string, options?: ClientSecretCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** A certificate by its text. */
export interface ClientCertificatePEMCertificate {
  /** The certificate and its private key, PEM. */
  certificate: string
  /** The password of an encrypted key or archive. */
  certificatePassword?: string
}

/** A certificate by its file. */
export interface ClientCertificatePEMCertificatePath {
  /** A file with the certificate and its private key: PEM, or PKCS#12. It is read again when it changes. */
  certificatePath: string
  /** The password of an encrypted key or archive. */
  certificatePassword?: string
}

/** A certificate by its text or by its file. */
export type ClientCertificateCredentialPEMConfiguration =
  | ClientCertificatePEMCertificate
  | ClientCertificatePEMCertificatePath

/** Options of {@link ClientCertificateCredential}. */
export interface ClientCertificateCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {
  /** Send the certificate chain along (`x5c`). Default: false. */
  sendCertificateChain?: boolean
}

/** An application that proves itself by a certificate. */
export declare class ClientCertificateCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(tenantId: string, clientId: string, certificatePath: string, options?: ClientCertificateCredentialOptions)
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificatePath,
    options?: ClientCertificateCredentialOptions
  )
  /** Checks what it is given. No request is made before the first token is asked for. */
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

/** An application that proves itself by an assertion that the program makes. */
export declare class ClientAssertionCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
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
  /** Checks what it is given. No request is made before the first token is asked for. */
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
  /** Go through the cluster's identity binding proxy (`AZURE_KUBERNETES_*`). Default: false. */
  enableAzureProxy?: boolean
}

/** Workload identity of Azure Kubernetes Service. */
export declare class WorkloadIdentityCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
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
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(clientId: string, options?: TokenCredentialOptions)
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: ManagedIdentityCredentialClientIdOptions)
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: ManagedIdentityCredentialResourceIdOptions)
  /** Checks what it is given. No request is made before the first token is asked for. */
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
  /** Checks what it is given. No request is made before the first token is asked for. */
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

/** A server that proves itself by a client secret. */
export interface OnBehalfOfCredentialSecretOptions {
  /** The tenant. */
  tenantId: string
  /** The application, by its client id. */
  clientId: string
  /** The server's client secret. */
  clientSecret: string
  /** The access token that the user called the server with. */
  userAssertionToken: string
}

/** A server that proves itself by a certificate. */
export interface OnBehalfOfCredentialCertificateOptions {
  /** The tenant. */
  tenantId: string
  /** The application, by its client id. */
  clientId: string
  /** A file with the certificate and its private key: PEM, or PKCS#12. */
  certificatePath: string
  /** The access token that the user called the server with. */
  userAssertionToken: string
  /** Send the certificate chain along (`x5c`). Default: false. */
  sendCertificateChain?: boolean
}

/** A server that proves itself by an assertion that the program makes. */
export interface OnBehalfOfCredentialAssertionOptions {
  /** The tenant. */
  tenantId: string
  /** The application, by its client id. */
  clientId: string
  /** Makes the assertion, a JWT. */
  getAssertion: () => Promise<string>
  /** The access token that the user called the server with. */
  userAssertionToken: string
}

/** How the server proves itself, and whom it acts for. */
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
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(
    options: OnBehalfOfCredentialCertificateOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(
    options: OnBehalfOfCredentialSecretOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  /** Checks what it is given. No request is made before the first token is asked for. */
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
  /** How long az may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
  /** The subscription, by id or name, whose account to use. */
  subscription?: string
}

/** The account that `az login` left. */
export declare class AzureCliCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: AzureCliCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link AzureDeveloperCliCredential}. */
export interface AzureDeveloperCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** The tenant. Default: that of the login. */
  tenantId?: string
  /** How long azd may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
}

/** The account that `azd auth login` left. */
export declare class AzureDeveloperCliCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: AzureDeveloperCliCredentialOptions)
  /** Gets a token for the scopes of one resource, for example `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

/** Options of {@link AzurePowerShellCredential}. */
export interface AzurePowerShellCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** The tenant. Default: that of the login. */
  tenantId?: string
  /** How long PowerShell may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
}

/** The account that `Connect-AzAccount` left. */
export declare class AzurePowerShellCredential implements TokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
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
  /** How long each of a developer's tools may run, in milliseconds. Default: 10,000. */
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
 * CLI(, broker): the first that is available; those in brackets never are. `AZURE_TOKEN_CREDENTIALS` narrows them to
 * `dev`, `prod` or one by name.
 */
export declare class DefaultAzureCredential extends ChainedTokenCredential {
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: DefaultAzureCredentialClientIdOptions)
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: DefaultAzureCredentialResourceIdOptions)
  /** Checks what it is given. No request is made before the first token is asked for. */
  constructor(options?: DefaultAzureCredentialOptions)
}

/** A new {@link DefaultAzureCredential}. */
export declare function getDefaultAzureCredential(): TokenCredential

/** Options of {@link getBearerTokenProvider}. */
export interface GetBearerTokenProviderOptions {
  /** Ends the calls that the provider makes. */
  abortSignal?: CallSignal
  /** Handed on to the credential. */
  tracingOptions?: {
    /** Handed on as it is. */
    tracingContext?: TracingContext
  }
}

/**
 * A function that resolves to a token for the scopes. The tokens of a credential that is not of this package are kept,
 * and renewed before they end.
 */
export declare function getBearerTokenProvider(
  credential: TokenCredential,
  scopes: string | string[],
  options?: GetBearerTokenProviderOptions
): () => Promise<string>

/** Of a login that this package does not have. */
export interface InteractiveCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  /** Of a login that this package does not have. */
  authenticationRecord?: AuthenticationRecord
  /** Of a login that this package does not have. */
  disableAutomaticAuthentication?: boolean
}

/** Of a login that this package does not have. */
export interface BrowserCustomizationOptions {
  /** Of a login that this package does not have. */
  browserCustomizationOptions?: {
    /** Of a login that this package does not have. */
    errorMessage?: string
    /** Of a login that this package does not have. */
    successMessage?: string
  }
}

/** Of a login that this package does not have. */
export type BrowserLoginStyle = 'redirect' | 'popup'

/** Of a login that this package does not have. */
export interface InteractiveBrowserCredentialNodeOptions
  extends InteractiveCredentialOptions,
    CredentialPersistenceOptions,
    BrowserCustomizationOptions,
    BrokerAuthOptions {
  /** Of a login that this package does not have. */
  redirectUri?: string | (() => string)
  /** Of a login that this package does not have. */
  tenantId?: string
  /** Of a login that this package does not have. */
  clientId?: string
  /** Of a login that this package does not have. */
  loginHint?: string
}

/** Of a login that this package does not have. */
export interface InteractiveBrowserCredentialInBrowserOptions extends InteractiveCredentialOptions {
  /** Of a login that this package does not have. */
  redirectUri?: string | (() => string)
  /** Of a login that this package does not have. */
  tenantId?: string
  /** Of a login that this package does not have. */
  clientId: string
  /** Of a login that this package does not have. */
  loginStyle?: BrowserLoginStyle
  /** Of a login that this package does not have. */
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

/** Of a login that this package does not have. */
export interface DeviceCodeInfo {
  /** The code that the user enters. */
  userCode: string
  /** The page on which the user enters it. */
  verificationUri: string
  /** What to tell the user. */
  message: string
}

/** Of a login that this package does not have. */
export type DeviceCodePromptCallback = (deviceCodeInfo: DeviceCodeInfo) => void

/** Of a login that this package does not have. */
export interface DeviceCodeCredentialOptions extends InteractiveCredentialOptions, CredentialPersistenceOptions {
  /** Of a login that this package does not have. */
  tenantId?: string
  /** Of a login that this package does not have. */
  clientId?: string
  /** Of a login that this package does not have. */
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

/** Of a login that this package does not have. */
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

/** Of a login that this package does not have. */
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

/** Of a login that this package does not have. */
export interface VisualStudioCodeCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** Of a login that this package does not have. */
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

/** Throws a ConfigurationError: this package has no place for plug-ins. */
export declare function useIdentityPlugin(plugin: IdentityPlugin): void

/** The global `Buffer` where the program's libraries declare one. */
export type Bytes = typeof globalThis extends { Buffer: { isBuffer(value: any): value is infer Global } } ? Global : Uint8Array

export {}
