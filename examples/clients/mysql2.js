// @ts-check
'use strict'

// Azure Database for MySQL with the package `mysql2`, which gets a token for each new connection. MYSQL_HOST names the server, and
// MYSQL_USER the service principal, managed identity or user in Entra ID.

const { createPool } = require('mysql2/promise')
const { getBearerTokenProvider } = require('azure-client-token')

const { MYSQL_HOST = 'example.mysql.database.azure.com', MYSQL_PORT = '3306', MYSQL_USER } = process.env

const token = getBearerTokenProvider('https://ossrdbms-aad.database.windows.net/.default')

const pool = createPool({
  host: MYSQL_HOST,
  port: Number(MYSQL_PORT),
  user: MYSQL_USER,
  // The client sends the token in clear text, so the connection must be encrypted.
  ssl: { rejectUnauthorized: true },
  authPlugins: { mysql_clear_password: () => async () => Buffer.from(`${await token()}\0`) },
})

async function main() {
  const [rows] = await pool.query('select current_user() as name')
  console.log(rows)
  await pool.end()
}

main()
