// @ts-check
'use strict'

// Azure Database for MySQL by the package `mysql2`, which asks at each new connection. MYSQL_HOST and MYSQL_USER say where; the user is
// the name of the service principal, managed identity or person in Entra ID.

const { createPool } = require('mysql2/promise')
const { getBearerTokenProvider } = require('azure-client-token')

const { MYSQL_HOST = 'example.mysql.database.azure.com', MYSQL_PORT = '3306', MYSQL_USER } = process.env

const token = getBearerTokenProvider('https://ossrdbms-aad.database.windows.net/.default')

const pool = createPool({
  host: MYSQL_HOST,
  port: Number(MYSQL_PORT),
  user: MYSQL_USER,
  // The server gets the token as it is, so that the connection has to be encrypted.
  ssl: { rejectUnauthorized: true },
  authPlugins: { mysql_clear_password: () => async () => Buffer.from(`${await token()}\0`) },
})

async function main() {
  const [rows] = await pool.query('select current_user() as name')
  console.log(rows)
  await pool.end()
}

main()
