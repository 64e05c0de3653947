// @ts-check
'use strict'

// Whether anything of the program listens to what is published. Asked where native code is about to be asked, never by
// a call whose token is within reach.

const { hasSubscribers } = require('node:diagnostics_channel')

/** The name of the tracing channel of acquisitions. */
const ACQUIRE = 'azure-client-token:acquire'

/** The name of the channel of the program's own store. */
const STORE = 'azure-client-token:store'

/** The channels that Node.js makes of a tracing channel. Its own `hasSubscribers` is younger than Node.js 20.0. */
const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((event) => `tracing:${ACQUIRE}:${event}`)

function isAcquisitionObserved() {
  return EVENTS.some((name) => hasSubscribers(name))
}

function isStoreObserved() {
  return hasSubscribers(STORE)
}

module.exports = { ACQUIRE, STORE, isAcquisitionObserved, isStoreObserved }
