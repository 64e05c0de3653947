// @ts-check
'use strict'

// The default chain of Azure's SDKs, and why it did not use its first members.

const { ClientTokenCredential } = require('azure-client-token')

const credential = new ClientTokenCredential({ credential: 'default', requiredEnvVars: 'AZURE_TOKEN_CREDENTIALS' })

credential.explain({ endpoint: 'https://vault.azure.net' }).then(
  ({ attempts }) => attempts.forEach(({ source, outcome, reason = 'a token' }) => console.log(`${source} ${outcome}: ${reason}`)),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
