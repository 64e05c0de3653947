// @ts-check
'use strict'

// A service principal with a client secret, from the program's own variables.

const { ClientTokenCredential } = require('azure-client-token')

const { APP_TENANT_ID = '', APP_CLIENT_ID = '', APP_CLIENT_SECRET = '', AZURE_AUTHORITY_HOST } = process.env

const credential = new ClientTokenCredential({
  credential: 'clientSecret',
  tenantId: APP_TENANT_ID,
  clientId: APP_CLIENT_ID,
  clientSecret: APP_CLIENT_SECRET,
  authorityHost: AZURE_AUTHORITY_HOST
})

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
