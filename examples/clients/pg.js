// @ts-check
'use strict'

// Azure Database for PostgreSQL by the package `pg`, which asks for a password at each new connection. PGHOST, PGDATABASE and PGUSER say
// where; the user is the name of the service principal, managed identity or person in Entra ID.

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
