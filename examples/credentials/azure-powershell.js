// @ts-check
'use strict'

// The account of `Connect-AzAccount`. PowerShell takes some seconds to start.

const { ClientTokenCredential } = require('azure-client-token')

const [tenantId] = process.argv.slice(2)
const credential = new ClientTokenCredential({ credential: 'azurePowerShell', tenantId, processTimeout: 20_000 })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId: ofToken }) => console.log(`a token by ${source} of tenant ${ofToken}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
