// @ts-check
'use strict'

// One token for all the programs of a user on this machine: the second run of this program makes no request.
//
//   node examples/machine-tokens.js [file]      `file`: keep the key in a file, if the system has no key store

const { ClientTokenCredential } = require('azure-client-token')

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '' } = process.env
const protection = process.argv[2] === 'file' ? 'file' : 'required'

const credential = new ClientTokenCredential({
  credential: 'clientSecret',
  tenantId: AZURE_TENANT_ID,
  clientId: AZURE_CLIENT_ID,
  clientSecret: AZURE_CLIENT_SECRET,
  cache: { kind: 'machine', protection }
})

credential.getToken('https://management.azure.com/.default').then(
  ({ source, cachedIn = 'the service' }) => console.log(`a token by ${source}, from ${cachedIn}`),
  (error) => {
    console.error(error.message)
    process.exitCode = 1
  }
)
