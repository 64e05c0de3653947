// @ts-check
'use strict'

// Azure Database for PostgreSQL by the package `postgres`, which asks for a password at each new connection. PGHOST, PGDATABASE and PGUSER
// say where; the user is the name of the service principal, managed identity or person in Entra ID.

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
