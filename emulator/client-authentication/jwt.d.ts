/** The header of a client's assertion (RFC 7515). */
export interface AssertionHeader {
  x5t?: string
  'x5t#S256'?: string
  x5c?: string[]
}

/** Its claims (RFC 7519, RFC 7523). */
export interface AssertionClaims {
  iss?: string
  sub?: string
  aud?: string | string[]
  jti?: string
  exp?: number
  nbf?: number
}

export interface Assertion {
  token: string
  header: AssertionHeader
  claims: AssertionClaims
}
