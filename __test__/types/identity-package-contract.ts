// The package azure-client-token-identity declares what azure-client-token/identity does. Compiled, never run.

import * as entry from 'azure-client-token/identity'
import * as shim from 'azure-client-token-identity'

const same: [typeof shim] extends [typeof entry] ? ([typeof entry] extends [typeof shim] ? true : false) : false = true

const credential: entry.ClientSecretCredential = new shim.ClientSecretCredential('t', 'c', 's')
const token: Promise<shim.AccessToken> = credential.getToken('https://vault.azure.net/.default')

// @ts-expect-error a client secret credential takes three texts
new shim.ClientSecretCredential('t')

export { same, token }
