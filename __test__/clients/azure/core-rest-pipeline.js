'use strict'

// The pipeline that every client of the Azure SDK uses.

const { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } = require('@azure/core-rest-pipeline')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const pipeline = createPipelineFromOptions({})
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: new ClientTokenCredential(), scopes: 'https://example.azure.net/.default' }))
  const { bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), createPipelineRequest({ url: 'https://example.azure.net/greeting' }))
  console.log(JSON.parse(String(bodyAsText)).greeting)
}

main()
