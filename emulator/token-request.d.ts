/** What the token endpoint is made of. */
export type TokenEndpointOptions = import('./access-token').TokenOptions & {
  directory: import('./directory').Directory
  signer: import('./signing').Signer
  replayGuard: import('./client-authentication/replay').ReplayGuard
}

/** What a client that exists asks for, before it has proved who it is. */
export interface TokenRequest {
  options: TokenEndpointOptions
  request: import('./messages').Request
  application: import('./directory').Application
  tenant: string
}

/** What a grant allows. */
export interface Granted {
  resource: string
  claims: object
  scope?: string
}
