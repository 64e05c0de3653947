// @ts-check
'use strict'

// Makes native clients. Native threads then begin what the first call needs, so this file is loaded before js/client.js,
// which is compiled and evaluated meanwhile.

const { binding } = require('./binding')
const { withoutPrototype } = require('./input-values')

/**
 * The inputs of a login context: the environment variables; for a Pulumi provider also `credential: 'pulumi'` and the keys
 * of its configuration that are set, without `azure-native:`; for an explicit credential its options.
 * @typedef {object} Configuration
 * @property {Record<string, string>} environment
 * @property {'pulumi'} [credential]
 * @property {Record<string, string>} [config]
 * @property {'stack' | 'provider'} [configSource]
 * @property {import('../binding').NativeCredentialOptions} [options]
 * @property {boolean} [keepsOnMachine] whether the machine's store keeps tokens if neither the options nor the environment choose a store
 * @property {(entry: import('../index').LogEntry) => void} [onLog]
 */

/** @param {Configuration} configuration */
function nativeClient(configuration) {
  const { credential, config = credential && {}, ...others } = withoutPrototype({ ...configuration })
  return binding().createClient(withLog(withoutPrototype({ ...others, config: config && withoutPrototype({ ...config }) })))
}

/**
 * @param {import('../binding').NativeClient | import('./native').NativeFailure} made
 * @returns {made is import('./native').NativeFailure}
 */
function isFailure(made) {
  return Object.hasOwn(made, 'kind')
}

/**
 * Native code passes a log line as separate values; the program gets one frozen object.
 * @param {Configuration} configuration
 * @returns {import('../binding').NativeConfiguration}
 */
function withLog({ onLog, ...configuration }) {
  if (onLog === undefined) return withoutPrototype(configuration)
  /** @type {(level: string, message: string, timestamp: number) => void} */
  const receive = (level, message, timestamp) => {
    onLog(Object.freeze({ level: /** @type {import('../index').LogEntry['level']} */ (level), message, timestamp }))
  }
  return withoutPrototype({ ...configuration, onLog: receive })
}

module.exports = { isFailure, nativeClient }
