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
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
  removeEventListener(type: 'abort', listener: (this: AbortSignalLike, event: any) => any, options?: any): void
}

/** `TracingContext` of `@azure/core-auth`. Accepted, without effect. */
export interface TracingContext {
  setValue(key: symbol, value: unknown): TracingContext
  getValue(key: symbol): unknown
  deleteValue(key: symbol): TracingContext
}

/** The options of one call: `GetTokenOptions` of `@azure/core-auth`. */
export interface GetTokenOptions {
  /** Ends this call, and only this call, with the signal's own reason, else with an error named `AbortError`. */
  abortSignal?: AbortSignalLike
  requestOptions?: {
    /** The longest that this call may take, everything included, in milliseconds. Default: 60,000. */
    timeout?: number
  }
  /** Accepted, without effect. */
  tracingOptions?: { tracingContext?: TracingContext }
  /** A claims challenge, as JSON text. A call with claims never gets a token cached without them. */
  claims?: string
  /** Ask for a token that takes part in Continuous Access Evaluation. Default: false. */
  enableCae?: boolean
  /** Ask this tenant: the credential's own, or one of `additionallyAllowedTenants`. */
  tenantId?: string
  /** Refused with a ConfigurationError: the tokens are bearer tokens. */
  proofOfPossessionOptions?: {
    nonce: string
    resourceRequestMethod: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS' | 'TRACE'
    resourceRequestUrl: string
  }
}

/** `TokenCredential` of `@azure/core-auth`. The credentials of this package never resolve to null. */
export interface TokenCredential {
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>
}

/** A log function of one level, in the shape of `@azure/logger`'s. */
export interface Debugger {
  (...args: any[]): void
  /** Whether it writes. AZURE_LOG_LEVEL (`verbose`, `info`, `warning`, `error`) decides when the logger is first used. */
  enabled: boolean
  /** Disables it. */
  destroy: () => boolean
  /** Where it writes: stderr, unless the program replaces it. */
  log: (...args: any[]) => void
  namespace: string
  extend: (namespace: string) => Debugger
}

/** `AzureLogger` of `@azure/logger`. */
export interface AzureLogger {
  error: Debugger
  warning: Debugger
  info: Debugger
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
    allowLoggingAccountIdentifiers?: boolean
    enableUnsafeSupportLogging?: boolean
    additionalAllowedHeaderNames?: string[]
    additionalAllowedQueryParameters?: string[]
    logger?: Debugger
  }
  /** The proxy for this credential's requests. `host` has the scheme: `http://proxy.example`. */
  proxyOptions?: { host: string; port: number; username?: string; password?: string }
  /** `ca` is honoured: authorities to trust besides the system's. A client's certificate is refused. */
  tlsOptions?: {
    ca?: string | Bytes | (string | Bytes)[] | undefined
    cert?: any
    key?: any
    passphrase?: string | undefined
    pfx?: any
  }
  /** Accepted, without effect: the user agent is this package's. */
  userAgentOptions?: { userAgentPrefix?: string }
  /** Accepted, without effect: an authority is always https, a managed identity's endpoint what its host says. */
  allowInsecureConnection?: boolean
  /** Refused with a ConfigurationError that names it: the number of tries is fixed. */
  retryOptions?: { maxRetries?: number; retryDelayInMs?: number; maxRetryDelayInMs?: number }
  /** Refused with a ConfigurationError that names it: no redirect is followed. */
  redirectOptions?: { maxRetries?: number; allowCrossOriginRedirects?: boolean }
  /** Refused with a ConfigurationError that names it. */
  telemetryOptions?: { clientRequestIdHeaderName?: string }
  /** Refused with a ConfigurationError that names it: requests are made by native code. */
  httpClient?: any
  /** Refused with a ConfigurationError that names it: requests are made by native code. */
  additionalPolicies?: any[]
  /** Refused with a ConfigurationError that names it: the process shares its connections. */
  agent?: any
}

export interface MultiTenantTokenCredentialOptions extends TokenCredentialOptions {
  /** Tenants besides its own that a call may ask for; `*` allows all. Default: none. */
  additionallyAllowedTenants?: string[]
}

export interface AuthorityValidationOptions {
  /** Accepted, without effect: no public host is asked about an authority. */
  disableInstanceDiscovery?: boolean
}

export interface TokenCachePersistenceOptions {
  /** `true` is refused with a ConfigurationError that names the option: tokens are kept in memory. */
  enabled: boolean
  name?: string
  unsafeAllowUnencryptedStorage?: boolean
}

export interface CredentialPersistenceOptions {
  tokenCachePersistenceOptions?: TokenCachePersistenceOptions
}

export interface BrokerEnabledOptions {
  enabled: true
  legacyEnableMsaPassthrough?: boolean
  parentWindowHandle: Uint8Array
  useDefaultBrokerAccount?: boolean
}

export interface BrokerDisabledOptions {
  enabled: false
  legacyEnableMsaPassthrough?: undefined
  parentWindowHandle: undefined
}

export type BrokerOptions = BrokerEnabledOptions | BrokerDisabledOptions

export interface BrokerAuthOptions {
  /** An enabled broker is refused with a ConfigurationError that names the option. */
  brokerOptions?: BrokerOptions
}

/** Who a person logged in as: of the logins that this package does not have. */
export interface AuthenticationRecord {
  authority: string
  homeAccountId: string
  clientId: string
  tenantId: string
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
  errorDescription: string
  /** The numbers of the AADSTS codes. */
  errorCodes?: number[]
  timestamp?: string
  traceId?: string
  correlationId?: string
}

export declare const CredentialUnavailableErrorName = 'CredentialUnavailableError'

/** The credential could not even try, or a tool has no token. Its `cause` is this package's own error. */
export declare class CredentialUnavailableError extends Error {
  constructor(message?: string, options?: { cause?: unknown })
}

export declare const AuthenticationErrorName = 'AuthenticationError'

/**
 * The environment's application or a managed identity was refused, or a service is out of order, throttles or does not
 * answer. It ends a chain. Its `cause` is this package's own error.
 */
export declare class AuthenticationError extends Error {
  /** Of the answer; 400 from EnvironmentCredential always; 0 where there was no answer. */
  readonly statusCode: number
  readonly errorResponse: ErrorResponse
  constructor(statusCode: number, errorBody: object | string | undefined | null, options?: { cause?: unknown })
}

export declare const AggregateAuthenticationErrorName = 'AggregateAuthenticationError'

/** No credential of a chain has a token: `errors` has what each said. */
export declare class AggregateAuthenticationError extends Error {
  errors: any[]
  constructor(errors: any[], errorMessage?: string)
}

export interface AuthenticationRequiredErrorOptions {
  scopes: string[]
  getTokenOptions?: GetTokenOptions
  message?: string
  cause?: unknown
}

/**
 * Entra ID refused an application, or its assertion could not be made. Besides its declared members it has `statusCode`
 * and `errorResponse`, as an AuthenticationError has; its `cause` is this package's own error.
 */
export declare class AuthenticationRequiredError extends Error {
  scopes: string[]
  getTokenOptions?: GetTokenOptions
  constructor(options: AuthenticationRequiredErrorOptions)
}

/** The authorities of Microsoft's clouds. */
export declare enum AzureAuthorityHosts {
  AzureChina = 'https://login.chinacloudapi.cn',
  AzureGermany = 'https://login.microsoftonline.de',
  AzureGovernment = 'https://login.microsoftonline.us',
  AzurePublicCloud = 'https://login.microsoftonline.com'
}

/** Credentials in order: the next is asked after a CredentialUnavailableError or AuthenticationRequiredError only. */
export declare class ChainedTokenCredential implements TokenCredential {
  constructor(...sources: TokenCredential[])
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface ClientSecretCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** An application that proves itself by a client secret. */
export declare class ClientSecretCredential implements TokenCredential {
  constructor(tenantId: string, clientId: string, clientSecret: string, options?: ClientSecretCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface ClientCertificatePEMCertificate {
  /** The certificate and its private key, PEM. */
  certificate: string
  certificatePassword?: string
}

export interface ClientCertificatePEMCertificatePath {
  /** A file with the certificate and its private key: PEM, or PKCS#12. It is read again when it changes. */
  certificatePath: string
  certificatePassword?: string
}

export type ClientCertificateCredentialPEMConfiguration =
  | ClientCertificatePEMCertificate
  | ClientCertificatePEMCertificatePath

export interface ClientCertificateCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {
  /** Send the certificate chain along (`x5c`). Default: false. */
  sendCertificateChain?: boolean
}

/** An application that proves itself by a certificate. */
export declare class ClientCertificateCredential implements TokenCredential {
  constructor(tenantId: string, clientId: string, certificatePath: string, options?: ClientCertificateCredentialOptions)
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificatePath,
    options?: ClientCertificateCredentialOptions
  )
  constructor(
    tenantId: string,
    clientId: string,
    configuration: ClientCertificatePEMCertificate,
    options?: ClientCertificateCredentialOptions
  )
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface ClientAssertionCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** An application that proves itself by an assertion that the program makes. */
export declare class ClientAssertionCredential implements TokenCredential {
  constructor(
    tenantId: string,
    clientId: string,
    getAssertion: () => Promise<string>,
    options?: ClientAssertionCredentialOptions
  )
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface EnvironmentCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {}

/**
 * The application of `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH`.
 * Its failures are AuthenticationErrors, which end a chain; so is the login of a user by `AZURE_USERNAME` and
 * `AZURE_PASSWORD`, which this package does not have.
 */
export declare class EnvironmentCredential implements TokenCredential {
  constructor(options?: EnvironmentCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

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
  constructor(options?: WorkloadIdentityCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface ManagedIdentityCredentialClientIdOptions extends TokenCredentialOptions {
  clientId?: string
}

export interface ManagedIdentityCredentialResourceIdOptions extends TokenCredentialOptions {
  resourceId: string
}

export interface ManagedIdentityCredentialObjectIdOptions extends TokenCredentialOptions {
  objectId: string
}

/** The managed identity of the host: the system-assigned one, or the one that an id names. */
export declare class ManagedIdentityCredential implements TokenCredential {
  constructor(clientId: string, options?: TokenCredentialOptions)
  constructor(options?: ManagedIdentityCredentialClientIdOptions)
  constructor(options?: ManagedIdentityCredentialResourceIdOptions)
  constructor(options?: ManagedIdentityCredentialObjectIdOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface AzurePipelinesCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** A service connection of Azure Pipelines. */
export declare class AzurePipelinesCredential implements TokenCredential {
  constructor(
    tenantId: string,
    clientId: string,
    serviceConnectionId: string,
    systemAccessToken: string,
    options?: AzurePipelinesCredentialOptions
  )
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface OnBehalfOfCredentialSecretOptions {
  tenantId: string
  clientId: string
  clientSecret: string
  userAssertionToken: string
}

export interface OnBehalfOfCredentialCertificateOptions {
  tenantId: string
  clientId: string
  certificatePath: string
  userAssertionToken: string
  sendCertificateChain?: boolean
}

export interface OnBehalfOfCredentialAssertionOptions {
  tenantId: string
  clientId: string
  getAssertion: () => Promise<string>
  userAssertionToken: string
}

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
  constructor(
    options: OnBehalfOfCredentialCertificateOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  constructor(
    options: OnBehalfOfCredentialSecretOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  constructor(
    options: OnBehalfOfCredentialAssertionOptions & MultiTenantTokenCredentialOptions & CredentialPersistenceOptions
  )
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface AzureCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  tenantId?: string
  /** How long az may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
  /** The subscription, by id or name, whose account to use. */
  subscription?: string
}

/** The account that `az login` left. */
export declare class AzureCliCredential implements TokenCredential {
  constructor(options?: AzureCliCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface AzureDeveloperCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  tenantId?: string
  /** How long azd may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
}

/** The account that `azd auth login` left. */
export declare class AzureDeveloperCliCredential implements TokenCredential {
  constructor(options?: AzureDeveloperCliCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface AzurePowerShellCredentialOptions extends MultiTenantTokenCredentialOptions {
  tenantId?: string
  /** How long PowerShell may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
}

/** The account that `Connect-AzAccount` left. */
export declare class AzurePowerShellCredential implements TokenCredential {
  constructor(options?: AzurePowerShellCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

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

export interface DefaultAzureCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  tenantId?: string
  /** How long each of a developer's tools may run, in milliseconds. Default: 10,000. */
  processTimeoutInMs?: number
  /** Variables without which the constructor throws. */
  requiredEnvVars?: DefaultAzureCredentialEnvVars | DefaultAzureCredentialEnvVars[]
}

export interface DefaultAzureCredentialClientIdOptions extends DefaultAzureCredentialOptions {
  managedIdentityClientId?: string
  workloadIdentityClientId?: string
}

export interface DefaultAzureCredentialResourceIdOptions extends DefaultAzureCredentialOptions {
  managedIdentityResourceId: string
}

/**
 * Environment, workload identity, managed identity, (Visual Studio Code,) Azure CLI, Azure PowerShell, Azure Developer
 * CLI(, broker): the first that is available; those in brackets never are. `AZURE_TOKEN_CREDENTIALS` narrows them to
 * `dev`, `prod` or one by name.
 */
export declare class DefaultAzureCredential extends ChainedTokenCredential {
  constructor(options?: DefaultAzureCredentialClientIdOptions)
  constructor(options?: DefaultAzureCredentialResourceIdOptions)
  constructor(options?: DefaultAzureCredentialOptions)
}

/** A new {@link DefaultAzureCredential}. */
export declare function getDefaultAzureCredential(): TokenCredential

export interface GetBearerTokenProviderOptions {
  /** Ends the calls that the provider makes. */
  abortSignal?: CallSignal
  /** Handed on to the credential. */
  tracingOptions?: { tracingContext?: TracingContext }
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

export interface InteractiveCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  authenticationRecord?: AuthenticationRecord
  disableAutomaticAuthentication?: boolean
}

export interface BrowserCustomizationOptions {
  browserCustomizationOptions?: { errorMessage?: string; successMessage?: string }
}

export type BrowserLoginStyle = 'redirect' | 'popup'

export interface InteractiveBrowserCredentialNodeOptions
  extends InteractiveCredentialOptions,
    CredentialPersistenceOptions,
    BrowserCustomizationOptions,
    BrokerAuthOptions {
  redirectUri?: string | (() => string)
  tenantId?: string
  clientId?: string
  loginHint?: string
}

export interface InteractiveBrowserCredentialInBrowserOptions extends InteractiveCredentialOptions {
  redirectUri?: string | (() => string)
  tenantId?: string
  clientId: string
  loginStyle?: BrowserLoginStyle
  loginHint?: string
}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class InteractiveBrowserCredential implements TokenCredential {
  constructor(options: InteractiveBrowserCredentialNodeOptions | InteractiveBrowserCredentialInBrowserOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord | undefined>
}

export interface DeviceCodeInfo {
  userCode: string
  verificationUri: string
  message: string
}

export type DeviceCodePromptCallback = (deviceCodeInfo: DeviceCodeInfo) => void

export interface DeviceCodeCredentialOptions extends InteractiveCredentialOptions, CredentialPersistenceOptions {
  tenantId?: string
  clientId?: string
  userPromptCallback?: DeviceCodePromptCallback
}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class DeviceCodeCredential implements TokenCredential {
  constructor(options?: DeviceCodeCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord | undefined>
}

export interface AuthorizationCodeCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class AuthorizationCodeCredential implements TokenCredential {
  constructor(
    tenantId: string | 'common',
    clientId: string,
    clientSecret: string,
    authorizationCode: string,
    redirectUri: string,
    options?: AuthorizationCodeCredentialOptions
  )
  constructor(
    tenantId: string | 'common',
    clientId: string,
    authorizationCode: string,
    redirectUri: string,
    options?: AuthorizationCodeCredentialOptions
  )
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface UsernamePasswordCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class UsernamePasswordCredential implements TokenCredential {
  constructor(
    tenantId: string,
    clientId: string,
    username: string,
    password: string,
    options?: UsernamePasswordCredentialOptions
  )
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export interface VisualStudioCodeCredentialOptions extends MultiTenantTokenCredentialOptions {
  tenantId?: string
}

/** Its constructor throws a ConfigurationError that says what to use instead: this package has no interactive login. */
export declare class VisualStudioCodeCredential implements TokenCredential {
  constructor(options?: VisualStudioCodeCredentialOptions)
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
}

export type IdentityPlugin = (context: unknown) => void

/** Throws a ConfigurationError: this package has no place for plug-ins. */
export declare function useIdentityPlugin(plugin: IdentityPlugin): void

/** The global `Buffer` where the program's libraries declare one. */
export type Bytes = typeof globalThis extends { Buffer: { isBuffer(value: any): value is infer Global } } ? Global : Uint8Array

export {}
