/** A kind of Azure host and its managed identity endpoint. */
export interface Host {
  service: string
  /** The variables that such a host sets for its programs. */
  environment: (origin: string) => Record<string, string>
  answer: (request: import('../messages').Request) => import('../messages').Answer
  tls?: import('../certificates').CertificatePair
  /** Removes its files outside the emulator's folder. */
  end?: () => void
}
