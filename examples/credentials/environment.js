// @ts-check
'use strict'

// The service principal of AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.

const { ClientTokenCredential } = require('azure-client-token')

const credential = new ClientTokenCredential({ credential: 'environment' })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
