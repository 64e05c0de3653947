/** The claim `appidacr`: '1' for a secret, '2' for a key. */
export type Strength = '1' | '2'

/** A client that has to prove itself, and what that is judged by. */
export interface Authentication {
  request: import('../messages').Request
  application: import('../directory').Application
  tenant: string
  replayGuard: import('./replay').ReplayGuard
}
