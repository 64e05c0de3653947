/** What the native side hands to JavaScript by hand-written conversions, which the generated binding.d.ts cannot describe. */

export type NativeOutcome = NativeToken | NativeFailure | { kind: 'cancelled' }

export interface NativeToken {
  kind: 'token'
  token: string
  expiresOnTimestamp: number
  refreshAfterTimestamp: number | null
  tenantId: string | null
  source: import('../index').CredentialKind
  lease: import('../binding').NativeLease
}

/** An error's data: js/errors.js makes the class of its code. */
export interface NativeFailure {
  kind: 'failure'
  code: string
  message: string
  retryable: boolean
  settings: string[]
  attempts: import('../index').Attempt[]
  causes: string[]
  host?: string | null
  phase?: string | null
  statusCode?: number
  error?: string | null
  errorCodes?: number[]
  suberror?: string | null
  correlationId?: string | null
  traceId?: string | null
  claims?: string | null
}
