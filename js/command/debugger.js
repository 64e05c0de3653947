// @ts-check
'use strict'

/**
 * On the signal SIGUSR1 Node.js opens the port of its debugger, through which a program of another user could read the
 * tokens of this process. It does not if the signal has a listener.
 */
function keepDebuggerClosed() {
  process.on('SIGUSR1', () => {})
}

module.exports = { keepDebuggerClosed }
