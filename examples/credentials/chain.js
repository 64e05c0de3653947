// @ts-check
'use strict'

// A custom chain: the managed identity if the program runs in Azure, else the developer's account.

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
