// The public types, used as programs use them. Compiled, never run: an expected error that does not occur is an error.

import type { AccessToken, GetTokenOptions as AzureGetTokenOptions, TokenCredential } from '@azure/core-auth'
import {
  AuthenticationError,
  clearCache,
  ClientTokenCredential,
  ClientTokenError,
  ConfigurationError,
  explain,
  getClientConfig,
  getClientToken,
  NetworkError,
  ResourceExhaustedError,
  ServiceUnavailableError,
  TimeoutError,
  UnexpectedIdentityError,
  type AbortSignalLike,
  type Attempt,
  type ClientTokenErrorCode,
  type ClientTokenOptions,
  type CredentialKind,
  type ExhaustedResource,
  type ExpectedIdentity,
  type Explanation,
  type GetClientTokenArgs,
  type GetClientTokenOptions,
  type GetClientTokenResult,
  type GetTokenOptions
} from 'azure-client-token'

/** Compiles only if the two types are the same, `readonly` and optional members included. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_is: Same<A, B>): void {}

// --- the function ---

same<typeof getClientToken, (
  args?: GetClientTokenArgs | null,
  opts?: GetClientTokenOptions | null
) => Promise<GetClientTokenResult>>(true)

async function calls(signal: AbortSignal, parent: { urn: string }): Promise<void> {
  const result = await getClientToken()
  same<typeof result.token, string>(true)
  same<typeof result.expiresOnTimestamp, number>(true)
  same<typeof result.refreshAfterTimestamp, number | undefined>(true)
  same<typeof result.tokenType, 'Bearer'>(true)
  same<typeof result.tenantId, string | undefined>(true)
  same<typeof result.clientId, string | undefined>(true)
  same<typeof result.objectId, string | undefined>(true)
  same<typeof result.source, CredentialKind>(true)
  // @ts-expect-error the result is frozen
  result.token = ''

  await getClientToken({})
  await getClientToken({ endpoint: undefined })
  await getClientToken({ endpoint: 'https://graph.microsoft.com' }, { signal, timeout: 1_000, forceRefresh: true })
  await getClientToken(null, { scopes: ['a/.default'], tenantId: 't', claims: '{}', enableCae: true })
  await getClientToken(undefined, { scopes: 'a/.default' as const })
  await getClientToken({}, { parent, version: '3.0.0', pluginDownloadURL: '', async: true })
  // @ts-expect-error an endpoint is a string
  await getClientToken({ endpoint: new URL('https://graph.microsoft.com') })
  // @ts-expect-error a string is not the arguments
  await getClientToken('https://graph.microsoft.com')
  // @ts-expect-error a misspelt option
  await getClientToken({}, { timeOut: 1_000 })
  // @ts-expect-error a controller is not its signal
  await getClientToken({}, { signal: new AbortController() })

  const identity = await getClientConfig({ timeout: 1_000 })
  same<keyof typeof identity, 'clientId' | 'objectId' | 'subscriptionId' | 'tenantId'>(true)
  same<(typeof identity)['objectId'], string>(true)
  same<Awaited<ReturnType<typeof explain>>, Explanation>(true)
  same<ReturnType<typeof clearCache>, void>(true)

  const { considered, settings, error } = await explain()
  same<(typeof considered)[number]['source'], CredentialKind | 'chain'>(true)
  same<(typeof considered)[number]['decision'], 'chosen' | 'overruled' | 'notConfigured' | 'incomplete'>(true)
  same<(typeof settings)[number]['suppliedBy'], 'config' | 'environment' | 'option'>(true)
  if (error) same<typeof error.code, ClientTokenErrorCode>(true)
}

// --- the credential ---

const anyOptions: ClientTokenOptions[] = [
  { credential: 'clientSecret', tenantId: 't', clientId: 'c', clientSecret: 's' },
  { credential: 'clientCertificate', tenantId: 't', clientId: 'c', certificatePath: 'a.pem', sendCertificateChain: true },
  { credential: 'clientCertificate', tenantId: 't', clientId: 'c', certificate: new Uint8Array(), password: 'p' },
  { credential: 'clientAssertion', tenantId: 't', clientId: 'c', getAssertion: async () => 'jwt' },
  { credential: 'oidc', tenantId: 't', clientId: 'c', oidcToken: 'jwt' },
  { credential: 'oidc', tenantId: 't', clientId: 'c', oidcTokenFilePath: 'jwt.txt' },
  { credential: 'oidc', tenantId: 't', clientId: 'c', oidcRequestUrl: 'https://h/', oidcRequestToken: 'r' },
  { credential: 'oidc', tenantId: 't', clientId: 'c', serviceConnectionId: 'i', systemAccessToken: 'a' },
  { credential: 'oidc', tenantId: 't', clientId: 'c', managedIdentity: { clientId: 'm' } },
  { credential: 'workloadIdentity' },
  { credential: 'managedIdentity' },
  { credential: 'managedIdentity', resourceId: '/subscriptions/s' },
  { credential: 'azureCli', subscription: 'Pay as you go', processTimeout: 5_000 },
  { credential: 'azureDeveloperCli', tenantId: 't' },
  { credential: 'azurePowerShell' },
  { credential: 'onBehalfOf', tenantId: 't', clientId: 'c', userAssertion: 'u', clientSecret: 's' },
  { credential: 'onBehalfOf', tenantId: 't', clientId: 'c', userAssertion: 'u', certificatePath: 'a.pem' },
  { credential: 'onBehalfOf', tenantId: 't', clientId: 'c', userAssertion: 'u', getAssertion: () => 'jwt' },
  { credential: 'command', program: 'print-token', arguments: ['{scope}', '{tenant}'], tenantId: 't' },
  { credential: 'command', program: 'print-token', environment: { PATH: '/usr/bin', UNSET: undefined } },
  { credential: 'clientSecret', tenantId: 't', clientId: 'c', clientSecret: 's', fmiPath: 'SomeFmiPath/FmiCredential' },
  { credential: 'clientCertificate', tenantId: 't', clientId: 'c', certificatePath: 'a.pem', fmiPath: 'p' },
  { credential: 'clientAssertion', tenantId: 't', clientId: 'c', getAssertion: () => 'jwt', fmiPath: 'p' },
  { credential: 'oidc', tenantId: 't', clientId: 'c', oidcToken: 'jwt', fmiPath: 'p' },
  { credential: 'chain', chain: [{ credential: 'command', program: 'print-token', environment: { PATH: '/usr/bin' } }] },
  { credential: 'environment' },
  { credential: 'pulumi' },
  { credential: 'default', requiredEnvVars: ['AZURE_CLIENT_ID'] },
  { credential: 'chain', chain: [{ credential: 'managedIdentity' }, { credential: 'azureCli' }], timeout: 1, onLog() {} },
  { credential: 'chain', chain: [{ credential: 'oidc', tenantId: 't', clientId: 'c', oidcToken: 'jwt' }] },
  { credential: 'chain', chain: [{ credential: 'onBehalfOf', tenantId: 't', clientId: 'c', userAssertion: 'u', certificatePath: 'a.pem' }] },
  { credential: 'environment', environment: 'china', additionallyAllowedTenants: ['*'], timeout: 1, proxy: false },
  { credential: 'environment', authorityHost: 'https://h/', ca: ['pem'], onLog: ({ level, message }) => console.error(level, message) }
]
for (const options of anyOptions) new ClientTokenCredential(options)
new ClientTokenCredential()

// @ts-expect-error no such kind
new ClientTokenCredential({ credential: 'password' })
// @ts-expect-error the kind is required
new ClientTokenCredential({ tenantId: 't', clientId: 'c', clientSecret: 's' })
// @ts-expect-error a secret is required
new ClientTokenCredential({ credential: 'clientSecret', tenantId: 't', clientId: 'c' })
// @ts-expect-error the variables of a command are strings
new ClientTokenCredential({ credential: 'command', program: 'p', environment: { A: 1 } })
// @ts-expect-error a map of variables is an option of a command alone
new ClientTokenCredential({ credential: 'azureCli', environment: { PATH: '/usr/bin' } })
// @ts-expect-error one id names the identity
new ClientTokenCredential({ credential: 'managedIdentity', clientId: 'c', objectId: 'o' })
// @ts-expect-error the path or the bytes, not both
new ClientTokenCredential({ credential: 'clientCertificate', tenantId: 't', clientId: 'c', certificate: '', certificatePath: '' })
// @ts-expect-error the timeout is an option of the chain
new ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'managedIdentity', timeout: 1 }] })
// @ts-expect-error the log is an option of the chain
new ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'azureCli', onLog() {} }] })
// @ts-expect-error the proxy is an option of the chain, also for a kind with several forms
new ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'oidc', tenantId: 't', clientId: 'c', oidcToken: 'jwt', proxy: false }] })
// @ts-expect-error a member's own options are checked
new ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'clientSecret', tenantId: 't', clientId: 'c' }] })
// @ts-expect-error no chain within a chain
new ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'chain', chain: [] }] })

// --- with the Azure SDK ---

const credential: TokenCredential = new ClientTokenCredential({ credential: 'environment' })
declare const result: GetClientTokenResult
const accessToken: AccessToken = result
declare const azureOptions: AzureGetTokenOptions
const ourOptions: GetTokenOptions = azureOptions
declare const signal: AbortSignal
const signalLike: AbortSignalLike = signal

async function asAnSdkClient(): Promise<string> {
  const own = new ClientTokenCredential()
  await own.getToken(['a/.default', 'b/.default'], { abortSignal: signalLike, requestOptions: { timeout: 1 } })
  const watch = own.watch('a/.default', { onToken: ({ token }) => token, signal: new AbortController().signal })
  same<ReturnType<typeof watch.dispose>, void>(true)
  // @ts-expect-error a watch without a listener
  own.watch('a/.default')
  // @ts-expect-error a scope is a string
  await own.getToken(1)
  // @ts-expect-error the Azure SDK's name is abortSignal
  await own.getToken('a/.default', { signal })
  const { token } = await own.getToken('a/.default')
  return token
}

// --- errors ---

function explainError(error: unknown): string | undefined {
  if (!(error instanceof ClientTokenError)) return undefined
  same<typeof error.code, ClientTokenErrorCode>(true)
  same<typeof error.retryable, boolean>(true)
  same<typeof error.help, string>(true)
  same<typeof error.attempts, readonly Attempt[]>(true)
  if (error instanceof ConfigurationError) same<typeof error.settings, readonly string[]>(true)
  if (error instanceof ServiceUnavailableError) same<typeof error.retryAfter, number | undefined>(true)
  if (error instanceof ResourceExhaustedError) same<typeof error.resource, ExhaustedResource>(true)
  if (error instanceof UnexpectedIdentityError) same<typeof error.found, ExpectedIdentity>(true)
  if (error instanceof NetworkError) same<typeof error.host, string | undefined>(true)
  if (error instanceof TimeoutError) same<typeof error.code, 'ERR_TIMEOUT'>(true)
  if (!(error instanceof AuthenticationError)) return undefined
  same<typeof error.statusCode, number | undefined>(true)
  same<typeof error.errorCodes, readonly number[]>(true)
  return error.correlationId
}

// @ts-expect-error only this package makes its errors
new ConfigurationError()

export { accessToken, asAnSdkClient, calls, credential, explainError, ourOptions }
