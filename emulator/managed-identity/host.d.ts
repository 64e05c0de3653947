/** One kind of Azure host, and how it hands out the tokens of its managed identities. */
export interface Host {
  service: string
  /** What such a host sets for its programs. */
  environment: (origin: string) => Record<string, string>
  answer: (request: import('../messages').Request) => import('../messages').Answer
  tls?: import('../certificates').CertificatePair
  /** Takes away what it has left outside of the emulator's folder. */
  end?: () => void
}
