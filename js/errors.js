// @ts-check
'use strict'

const { printable, withoutPrototype } = require('./input-values')

/** @typedef {import('./native').NativeFailure} Failure */

class ClientTokenError extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message, causeOf(failure))
    printable(this)
    this.code = failure.code
    this.retryable = failure.retryable
    this.help = `azure-client-token/TROUBLESHOOTING.md#${failure.helpAnchor}`
    this.attempts = Object.freeze(failure.attempts)
  }
}

class ConfigurationError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.settings = Object.freeze(failure.settings)
  }
}

class CredentialUnavailableError extends ClientTokenError {}

class AuthenticationError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.statusCode = failure.statusCode ?? undefined
    this.error = failure.error ?? undefined
    this.errorCodes = Object.freeze(failure.errorCodes ?? [])
    this.suberror = failure.suberror ?? undefined
    this.correlationId = failure.correlationId ?? undefined
    this.traceId = failure.traceId ?? undefined
    this.claims = failure.claims ?? undefined
  }
}

class ServiceUnavailableError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.statusCode = failure.statusCode ?? undefined
    this.retryAfter = failure.retryAfter ?? undefined
    this.error = failure.error ?? undefined
    this.errorCodes = Object.freeze(failure.errorCodes ?? [])
    this.correlationId = failure.correlationId ?? undefined
    this.traceId = failure.traceId ?? undefined
    this.host = failure.host ?? undefined
  }
}

class UnexpectedIdentityError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.expected = Object.freeze(failure.expected ?? {})
    this.found = Object.freeze(failure.found ?? {})
  }
}

class ResourceExhaustedError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.resource = failure.resource ?? undefined
  }
}

class NetworkError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.host = failure.host ?? undefined
    this.phase = failure.phase ?? undefined
  }
}

class TimeoutError extends ClientTokenError {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure)
    this.phase = failure.phase ?? undefined
  }
}

/**
 * The names are literal, because bundlers rename classes, and a chain of @azure/identity continues by an error's name.
 * @param {Function} Class
 * @param {string} value
 */
function name(Class, value) {
  Object.defineProperty(Class.prototype, 'name', withoutPrototype({ value, configurable: true, writable: true }))
}

name(ClientTokenError, 'ClientTokenError')
name(ConfigurationError, 'ConfigurationError')
name(CredentialUnavailableError, 'CredentialUnavailableError')
name(AuthenticationError, 'AuthenticationError')
name(ServiceUnavailableError, 'ServiceUnavailableError')
name(UnexpectedIdentityError, 'UnexpectedIdentityError')
name(ResourceExhaustedError, 'ResourceExhaustedError')
name(NetworkError, 'NetworkError')
name(TimeoutError, 'TimeoutError')

/** @type {Record<string, typeof ClientTokenError>} */
const classes = withoutPrototype({
  ERR_CONFIGURATION: ConfigurationError,
  ERR_CREDENTIAL_UNAVAILABLE: CredentialUnavailableError,
  ERR_AUTHENTICATION: AuthenticationError,
  ERR_SERVICE_UNAVAILABLE: ServiceUnavailableError,
  ERR_UNEXPECTED_IDENTITY: UnexpectedIdentityError,
  ERR_RESOURCE_EXHAUSTED: ResourceExhaustedError,
  ERR_NETWORK: NetworkError,
  ERR_TIMEOUT: TimeoutError,
})

/**
 * Returns the error of the class for its code.
 * @param {Failure} failure
 */
function errorOf(failure) {
  const Class = classes[failure.code] ?? ClientTokenError
  return new Class(withoutPrototype(failure))
}

/**
 * Returns the error for invalid settings that JavaScript finds itself.
 * @param {string} message
 * @param {string[]} settings
 * @param {string} [helpAnchor] the anchor of a heading in TROUBLESHOOTING.md
 */
function configurationError(message, settings, helpAnchor = 'err_configuration') {
  const code = 'ERR_CONFIGURATION'
  return errorOf({ kind: 'failure', code, message, retryable: false, helpAnchor, settings, attempts: [], causes: [] })
}

/**
 * Loads a file of this package, or the addon. If the machine lacks resources for it, the error says so as for any other
 * shortage, and the next call tries again.
 * @template T
 * @param {() => T} loading
 */
function orExhausted(loading) {
  try {
    return loading()
  } catch (error) {
    const resource = resourceOf(error)
    throw resource === undefined ? error : exhausted(resource, error)
  }
}

/**
 * Recognises a failure to load something because of a shortage: by codes of Node.js, and by the messages of the loaders of
 * glibc, musl, macOS and Windows, which have no code. Static TLS storage is a limit of the C library.
 * @type {[import('../index').ExhaustedResource, RegExp][]}
 */
const SHORTAGES = [
  ['descriptors', /\bE[MN]FILE\b|too many open files|no file descriptors available|: Error 2[34]$|errno=2[34]\b/im],
  ['threads', /\bEAGAIN\b|resource temporarily unavailable|pthread_create/i],
  ['memory', /\bENOMEM\b|cannot allocate memory(?! in static TLS)|out of memory|not enough (memory|storage)|paging file is too small|insufficient system resources|errno=12\b|allocation failed|cannot map zero-fill pages/i],
  ['randomness', /\bgetrandom\b/],
]

/** @type {Record<import('../index').ExhaustedResource, string>} */
const SENTENCES = withoutPrototype({
  descriptors: 'too many files and connections are open (EMFILE). Raise the limit of open files (ulimit -n), or close files that are not used any more',
  threads: "the operating system starts no further thread (EAGAIN). Raise the limit of processes and threads (ulimit -u, or the container's limit of pids), or run fewer of them",
  memory: 'the operating system has no more memory (ENOMEM). Give the process or the container more memory, or raise its limit (ulimit -v)',
  processes: "the operating system starts no further process (EAGAIN). Raise the limit of processes and threads (ulimit -u, or the container's limit of pids)",
  disk: 'a disk is full, or the quota of this user is used up (ENOSPC, EDQUOT)',
  randomness: "the operating system returns no random numbers (getrandom). Allow the call getrandom (the container's seccomp profile), and mount /dev/urandom",
})

/**
 * The error of several tries has each of them among its causes.
 * @param {unknown} error
 * @returns {import('../index').ExhaustedResource | undefined}
 */
function resourceOf(error) {
  if (error instanceof ResourceExhaustedError) return error.resource
  if (error instanceof AggregateError) return error.errors.map(resourceOf).find((found) => found !== undefined)
  if (!(error instanceof Error)) return undefined
  const { code } = /** @type {NodeJS.ErrnoException} */ (error)
  const [resource] = SHORTAGES.find(([, words]) => words.test(`${code} ${error.message}`)) ?? []
  return resource ?? resourceOf(error.cause)
}

/**
 * @param {import('../index').ExhaustedResource} resource
 * @param {unknown} cause
 */
function exhausted(resource, cause) {
  if (cause instanceof ResourceExhaustedError) return cause
  const code = 'ERR_RESOURCE_EXHAUSTED'
  const message = `a file of azure-client-token cannot be loaded: ${SENTENCES[resource]}`
  const failure = { kind: /** @type {const} */ ('failure'), code, message, retryable: true, helpAnchor: 'err_resource_exhausted' }
  const error = errorOf({ ...failure, resource, settings: [], attempts: [], causes: [] })
  return Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true })
}

/**
 * Returns the chain of causes as errors, outermost first.
 * @param {Failure} failure
 */
function causeOf(failure) {
  if (failure.rejection != null) return require('./assertion-rejections').rejectionOf(failure.rejection)
  if (failure.cause !== undefined) return { cause: failure.cause }
  if (failure.causes.length === 0) return undefined
  const cause = failure.causes.reduceRight(
    (/** @type {Error | undefined} */ inner, message) => withoutStack(new Error(message, inner && { cause: inner })),
    undefined,
  )
  return { cause }
}

/**
 * A cause happened in native code, so the stack of the JavaScript that reports it would mislead.
 * @param {Error} error
 */
function withoutStack(error) {
  const stack = { value: `Error: ${error.message}`, configurable: true, writable: true }
  Object.defineProperty(error, 'stack', withoutPrototype(stack))
  return error
}

module.exports = {
  ClientTokenError,
  ConfigurationError,
  CredentialUnavailableError,
  AuthenticationError,
  ServiceUnavailableError,
  UnexpectedIdentityError,
  ResourceExhaustedError,
  NetworkError,
  TimeoutError,
  errorOf,
  configurationError,
  exhausted,
  orExhausted,
}
