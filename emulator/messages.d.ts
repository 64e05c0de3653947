import type { IncomingHttpHeaders } from 'node:http'

/** A client's request. */
export interface Request {
  service: string
  method: string
  /** Scheme, name and port by which the client called the server. */
  origin: string
  /** Decoded, without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  form: URLSearchParams
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | object
}

export type Handler = (request: Request) => Answer | Promise<Answer>
