// @ts-check
'use strict'

// Whether the program subscribes to a diagnostics channel. This is checked before each call of native code, and never by a
// call that finds its token in the near cache.

const { hasSubscribers } = require('node:diagnostics_channel')

/** The name of the tracing channel of acquisitions. */
const ACQUIRE = 'azure-client-token:acquire'

/** The name of the channel of the program's own store. */
const STORE = 'azure-client-token:store'

/** The channels that Node.js creates for a tracing channel. Its own `hasSubscribers` does not exist in Node.js 20.0. */
const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((event) => `tracing:${ACQUIRE}:${event}`)

function isAcquisitionObserved() {
  return EVENTS.some((name) => hasSubscribers(name))
}

function isStoreObserved() {
  return hasSubscribers(STORE)
}

module.exports = { ACQUIRE, STORE, isAcquisitionObserved, isStoreObserved }
