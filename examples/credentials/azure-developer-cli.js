// @ts-check
'use strict'

// The account of `azd auth login`, in a tenant that need not be its home tenant.

const { ClientTokenCredential } = require('azure-client-token')

const [tenantId] = process.argv.slice(2)
const credential = new ClientTokenCredential({ credential: 'azureDeveloperCli', tenantId })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, expiresOnTimestamp }) => console.log(`a token by ${source} until ${new Date(expiresOnTimestamp).toISOString()}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
