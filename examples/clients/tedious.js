// @ts-check
'use strict'

// Azure SQL Database with the package `tedious`: the server's first answer names the scope for which the client gets a token, at each
// connection.

const { Connection, Request } = require('tedious')
const { ClientTokenCredential } = require('azure-client-token')

const { SQL_SERVER = 'example.database.windows.net', SQL_DATABASE = 'example' } = process.env

const connection = new Connection({
  server: SQL_SERVER,
  authentication: { type: 'token-credential', options: { credential: new ClientTokenCredential() } },
  options: { database: SQL_DATABASE, encrypt: 'strict' },
})

connection.connect((error) => {
  if (error) throw error
  const request = new Request('select suser_sname() as name', (failure) => {
    if (failure) throw failure
    connection.close()
  })
  request.on('row', ([column]) => console.log(`logged in as ${column.value}`))
  connection.execSql(request)
})
