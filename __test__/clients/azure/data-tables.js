'use strict'

const { TableClient } = require('@azure/data-tables')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const client = new TableClient('https://example.table.core.windows.net', 'people', new ClientTokenCredential())
  for await (const { rowKey } of client.listEntities()) console.log(rowKey)
}

main()
