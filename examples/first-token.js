// @ts-check
'use strict'

// Gets a token for the current login context and calls an API with it.
//
//   node examples/first-token.js [ENDPOINT [URL]]      for example https://graph.microsoft.com https://graph.microsoft.com/v1.0/me

const { getClientToken } = require('azure-client-token')

const [endpoint, url] = process.argv.slice(2)

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})

async function main() {
  const { token, expiresOnTimestamp, source } = await getClientToken({ endpoint })
  console.log(`a token from ${source}, good until ${new Date(expiresOnTimestamp).toISOString()}`)
  if (!url) return
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  console.log(`${answer.status} ${await answer.text()}`)
}
