// @ts-check
'use strict'

// A chain of one's own: the managed identity where the program runs in Azure, the developer's account at the desk.

const { ClientTokenCredential } = require('azure-client-token')

const credential = new ClientTokenCredential({
  credential: 'chain',
  chain: [{ credential: 'managedIdentity' }, { credential: 'azureCli' }]
})

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, expiresOnTimestamp }) => console.log(`a token by ${source} until ${new Date(expiresOnTimestamp).toISOString()}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
