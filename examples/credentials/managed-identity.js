// @ts-check
'use strict'

// The host's identity in Azure. With a client id: only the user-assigned identity with that id.

const { ClientTokenCredential } = require('azure-client-token')

const [clientId] = process.argv.slice(2)
const credential = clientId
  ? new ClientTokenCredential({ credential: 'managedIdentity', clientId })
  : new ClientTokenCredential({ credential: 'managedIdentity' })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, expiresOnTimestamp }) => console.log(`a token by ${source} until ${new Date(expiresOnTimestamp).toISOString()}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
