// @ts-check
'use strict'

// Azure Storage: the client chooses the scope, and gets a token from the credential's cache for each request.

const { BlobServiceClient } = require('@azure/storage-blob')
const { ClientTokenCredential } = require('azure-client-token')

const { STORAGE_ACCOUNT = 'example' } = process.env

async function main() {
  const service = new BlobServiceClient(`https://${STORAGE_ACCOUNT}.blob.core.windows.net`, new ClientTokenCredential())
  const container = service.getContainerClient('greetings')
  await container.createIfNotExists()
  await container.getBlockBlobClient('hello.txt').upload('hello', 5)
  for await (const { name } of container.listBlobsFlat()) console.log(name)
}

main()
