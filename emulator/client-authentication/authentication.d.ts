/** The claim `appidacr`: '1' for a secret, '2' for a key. */
export type Strength = '1' | '2'

/** A client that must authenticate, and what its proof is verified with. */
export interface Authentication {
  request: import('../messages').Request
  application: import('../directory').Application
  tenant: string
  replayGuard: import('./replay').ReplayGuard
}
