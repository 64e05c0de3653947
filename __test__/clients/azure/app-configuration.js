'use strict'

const { AppConfigurationClient } = require('@azure/app-configuration')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const client = new AppConfigurationClient('https://example.azconfig.io', new ClientTokenCredential())
  console.log((await client.getConfigurationSetting({ key: 'greeting' })).value)
}

main()
