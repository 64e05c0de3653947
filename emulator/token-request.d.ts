/** The parts of the token endpoint. */
export type TokenEndpointOptions = import('./access-token').TokenOptions & {
  directory: import('./directory').Directory
  signer: import('./signing').Signer
  replayGuard: import('./client-authentication/replay').ReplayGuard
}

/** The request of a known application that has not been authenticated yet. */
export interface TokenRequest {
  options: TokenEndpointOptions
  request: import('./messages').Request
  application: import('./directory').Application
  tenant: string
}

/** The resource and claims of the token that a grant issues. */
export interface Granted {
  resource: string
  claims: object
  scope?: string
}
