// @ts-check
'use strict'

// Azure Database for PostgreSQL with the package `postgres`, which gets a password for each new connection. PGHOST and PGDATABASE name the
// database, and PGUSER the service principal, managed identity or user in Entra ID.

const postgres = require('postgres')
const { getBearerTokenProvider } = require('azure-client-token')

const sql = postgres({
  ssl: 'verify-full',
  password: getBearerTokenProvider('https://ossrdbms-aad.database.windows.net/.default'),
})

async function main() {
  const [row] = await sql`select current_user as name`
  console.log(`logged in as ${row.name}`)
  await sql.end()
}

main()
