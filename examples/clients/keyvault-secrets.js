// @ts-check
'use strict'

// Azure Key Vault. The vault's first answer names the tenant and the scope for which the client gets a token.

const { SecretClient } = require('@azure/keyvault-secrets')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const vault = new SecretClient('https://example.vault.azure.net', new ClientTokenCredential())
  const { name, value } = await vault.getSecret('greeting')
  console.log(`${name}: ${value?.length} characters`)
}

main()
