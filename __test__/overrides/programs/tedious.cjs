'use strict'

// Connects as an application: tedious creates the credential itself, after the server has named the token's resource.

const { Connection } = require('tedious')

const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret, SQL_PORT } = process.env
const connection = new Connection({
  server: '127.0.0.1',
  authentication: { type: 'azure-active-directory-service-principal-secret', options: { tenantId, clientId, clientSecret } },
  options: { port: Number(SQL_PORT), encrypt: false, connectTimeout: 20_000, maxRetriesOnTransientErrors: 0 },
})
// The stand-in for the server ends the connection when it has the token.
connection.connect(() => connection.close())
