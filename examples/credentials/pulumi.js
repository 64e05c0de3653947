// @ts-check
'use strict'

// The login of Pulumi's Azure Native provider, with its ARM_* variables, and no other login.

const { ClientTokenCredential } = require('azure-client-token')

const credential = new ClientTokenCredential({ credential: 'pulumi' })

credential.getClientToken({ endpoint: 'https://vault.azure.net' }).then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
