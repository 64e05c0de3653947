// @ts-check
'use strict'

// Azure Resource Manager. If it refuses a token with a claims challenge (Continuous Access Evaluation), the client gets another one from
// the credential and repeats the request.

const { ResourceManagementClient } = require('@azure/arm-resources')
const { ClientTokenCredential } = require('azure-client-token')

const { ARM_SUBSCRIPTION_ID = '' } = process.env

async function main() {
  const client = new ResourceManagementClient(new ClientTokenCredential(), ARM_SUBSCRIPTION_ID)
  for await (const { name, location } of client.resourceGroups.list()) console.log(`${name} in ${location}`)
}

main()
