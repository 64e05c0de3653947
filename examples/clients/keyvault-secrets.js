// @ts-check
'use strict'

// Azure Key Vault. The vault's first answer names the tenant and the scope that the client asks the credential for.

const { SecretClient } = require('@azure/keyvault-secrets')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const vault = new SecretClient('https://example.vault.azure.net', new ClientTokenCredential())
  const { name, value } = await vault.getSecret('greeting')
  console.log(`${name}: ${value?.length} characters`)
}

main()
