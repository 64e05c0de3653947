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

/** A federated credential of an application: it accepts assertions of this issuer, subject and audience. */
export interface FederatedCredential {
  issuer: string
  /** Compared exactly, case included. */
  subject: string
  audience: string
  /** The issuer's keys as a JWK set. Either this or `publicKey` is set. */
  jwks?: { keys: { kty: string }[] }
  /** The issuer's only key, PEM. */
  publicKey?: string
}
