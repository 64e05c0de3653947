// @ts-check
'use strict'

// The account of `az login`, for a subscription that need not be az's default.

const { ClientTokenCredential } = require('azure-client-token')

const [subscription] = process.argv.slice(2)
const credential = new ClientTokenCredential({ credential: 'azureCli', subscription })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
