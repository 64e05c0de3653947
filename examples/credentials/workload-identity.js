// @ts-check
'use strict'

// A pod in Azure Kubernetes Service: its variables have the tenant, the application and the token file.

const { ClientTokenCredential } = require('azure-client-token')

const { AZURE_AUTHORITY_HOST: authorityHost } = process.env
const credential = new ClientTokenCredential({ credential: 'workloadIdentity', authorityHost })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
