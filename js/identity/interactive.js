// @ts-check
'use strict'

// Logins that need a user. This package has none. The classes exist so that a program gets an error when it creates one.

const { configurationError } = require('../errors')

/** @param {string} name */
function needsPerson(name) {
  const message = `${name} needs a user to sign in, and azure-client-token/identity has no interactive login. Install @azure/identity under an alias (npm install azure-identity-original@npm:@azure/identity) and import the class from there.`
  return configurationError(message, [name])
}

class InteractiveBrowserCredential {
  constructor() {
    throw needsPerson('InteractiveBrowserCredential')
  }
}

class DeviceCodeCredential {
  constructor() {
    throw needsPerson('DeviceCodeCredential')
  }
}

class AuthorizationCodeCredential {
  constructor() {
    throw needsPerson('AuthorizationCodeCredential')
  }
}

class UsernamePasswordCredential {
  constructor() {
    throw needsPerson('UsernamePasswordCredential')
  }
}

class VisualStudioCodeCredential {
  constructor() {
    throw needsPerson('VisualStudioCodeCredential')
  }
}

function useIdentityPlugin() {
  const message = 'azure-client-token/identity does not support useIdentityPlugin: it has no interactive login and no plug-ins. Leave the call out, or use @azure/identity.'
  throw configurationError(message, ['useIdentityPlugin'])
}

module.exports = {
  AuthorizationCodeCredential,
  DeviceCodeCredential,
  InteractiveBrowserCredential,
  UsernamePasswordCredential,
  VisualStudioCodeCredential,
  useIdentityPlugin,
}
