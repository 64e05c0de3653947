// @ts-check
'use strict'

// A service principal with a job's identity in GitHub Actions (permissions: id-token: write), without a secret.

const { ClientTokenCredential } = require('azure-client-token')

const { APP_TENANT_ID = '', APP_CLIENT_ID = '', AZURE_AUTHORITY_HOST } = process.env
const { ACTIONS_ID_TOKEN_REQUEST_URL = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN = '' } = process.env

const credential = new ClientTokenCredential({
  credential: 'oidc',
  tenantId: APP_TENANT_ID,
  clientId: APP_CLIENT_ID,
  oidcRequestUrl: ACTIONS_ID_TOKEN_REQUEST_URL,
  oidcRequestToken: ACTIONS_ID_TOKEN_REQUEST_TOKEN,
  authorityHost: AZURE_AUTHORITY_HOST
})

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
