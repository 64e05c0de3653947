/** What the native side hands to JavaScript by conversions of its own, which the generated binding.d.ts cannot describe. */

export type NativeOutcome = NativeToken | NativeConfig | NativeExplanation | NativeKept | NativeFailure | { kind: 'done' } | { kind: 'cancelled' }

export interface NativeToken {
  kind: 'token'
  token: string
  expiresOnTimestamp: number
  refreshAfterTimestamp: number | null
  tenantId: string | null
  clientId: string | null
  objectId: string | null
  source: import('../index').CredentialKind
  cachedIn: import('../index').CachedIn | null
  /** The sources that were asked; absent where the token was in memory. */
  attempts?: import('../index').Attempt[]
  /** What `trust` is asked about. */
  lease: number
}

export interface NativeConfig {
  kind: 'config'
  clientId: string
  objectId: string
  subscriptionId: string
  tenantId: string
}

export interface NativeExplanation {
  kind: 'explanation'
  source: import('../index').CredentialKind | null
  cachedIn: import('../index').CachedIn | null
  scopes: string[]
  considered: import('../index').ConsideredSource[]
  settings: import('../index').SeenSetting[]
  attempts: import('../index').Attempt[]
  error?: import('../index').ExplainedError
}

/** What is kept on this machine. */
export interface NativeKept {
  kind: 'kept'
  folder: string
  /** How many have not ended, or were deleted. */
  tokens: number
  /** Why none is kept. */
  reason: string | null
}

/** What is known of an explanation before anything is tried. */
export type NativeConsidered = Pick<NativeExplanation, 'considered' | 'settings'>

/** An error's data: js/errors.js makes the class of its code. */
export interface NativeFailure {
  kind: 'failure'
  code: string
  message: string
  retryable: boolean
  /** The anchor of a heading in TROUBLESHOOTING.md. */
  helpAnchor: string
  settings: string[]
  attempts: import('../index').Attempt[]
  causes: string[]
  /** Of a failure that JavaScript finds by itself: what was thrown. */
  cause?: unknown
  rejection?: number | null
  host?: string | null
  phase?: string | null
  /** In milliseconds. */
  retryAfter?: number | null
  resource?: import('../index').ExhaustedResource | null
  expected?: import('../index').ExpectedIdentity
  found?: import('../index').ExpectedIdentity
  statusCode?: number | null
  error?: string | null
  errorCodes?: number[]
  suberror?: string | null
  correlationId?: string | null
  traceId?: string | null
  claims?: string | null
}
