// @ts-check
'use strict'

// One line on stderr while a token takes long, on a terminal only.

const { tell } = require('./streams')

/** @type {Record<string, string>} */
const names = { azurecli: 'the Azure CLI', azuredevelopercli: 'the Azure Developer CLI', azurepowershell: 'Azure PowerShell', managedidentity: 'the managed identity' }

let isShown = false

/** @param {string[] | undefined} credential */
function startWaiting(credential) {
  if (!process.stderr.isTTY) return { end() {} }
  const what = (credential?.length === 1 && names[credential[0].toLowerCase().replaceAll('-', '')]) || 'a token'
  const start = Date.now()
  const timer = setInterval(() => {
    const seconds = Math.floor((Date.now() - start) / 1000)
    tell(`\r${process.env.TERM === 'dumb' ? '' : '\x1b[K'}waiting for ${what}, ${seconds} s …`)
    isShown = true
  }, 1000)
  timer.unref()
  return {
    end() {
      clearInterval(timer)
      clearLine()
    },
  }
}

/** A dumb terminal cannot erase: there the line ends. */
function clearLine() {
  if (isShown) tell(process.env.TERM === 'dumb' ? '\n' : '\r\x1b[K')
  isShown = false
}

module.exports = { startWaiting, clearLine }
