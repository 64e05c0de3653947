// @ts-check
'use strict'

// A service principal with a certificate: a PEM or PKCS#12 (PFX) file with its private key.

const { ClientTokenCredential } = require('azure-client-token')

const { APP_TENANT_ID = '', APP_CLIENT_ID = '', APP_CERTIFICATE_PASSWORD, AZURE_AUTHORITY_HOST } = process.env
const [certificatePath] = process.argv.slice(2)

const credential = new ClientTokenCredential({
  credential: 'clientCertificate',
  tenantId: APP_TENANT_ID,
  clientId: APP_CLIENT_ID,
  certificatePath,
  password: APP_CERTIFICATE_PASSWORD,
  authorityHost: AZURE_AUTHORITY_HOST
})

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
