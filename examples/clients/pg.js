// @ts-check
'use strict'

// Azure Database for PostgreSQL with the package `pg`, which gets a password for each new connection. PGHOST and PGDATABASE name the
// database, and PGUSER the service principal, managed identity or user in Entra ID.

const { Pool } = require('pg')
const { getBearerTokenProvider } = require('azure-client-token')

const pool = new Pool({
  ssl: true,
  password: getBearerTokenProvider('https://ossrdbms-aad.database.windows.net/.default'),
})

async function main() {
  const { rows } = await pool.query('select current_user as name')
  console.log(`logged in as ${rows[0].name}`)
  await pool.end()
}

main()
