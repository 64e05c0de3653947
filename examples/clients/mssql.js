// @ts-check
'use strict'

// Azure SQL Database with the package `mssql`: each `tedious` connection of its pool gets a token from the credential.

const sql = require('mssql')
const { ClientTokenCredential } = require('azure-client-token')

const { SQL_SERVER = 'example.database.windows.net', SQL_DATABASE = 'example' } = process.env

async function main() {
  const pool = await sql.connect({
    server: SQL_SERVER,
    database: SQL_DATABASE,
    authentication: { type: 'token-credential', options: { credential: new ClientTokenCredential() } },
    options: { encrypt: /** @type {any} */ ('strict') },
  })
  const { recordset } = await pool.query('select suser_sname() as name')
  console.log(`logged in as ${recordset[0].name}`)
  await pool.close()
}

main()
