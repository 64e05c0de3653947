// @ts-check
'use strict'

// Your own program that prints a token, such as a company's login tool. No shell interprets its arguments.

const { ClientTokenCredential } = require('azure-client-token')

const [program] = process.argv.slice(2)
const credential = new ClientTokenCredential({ credential: 'command', program, arguments: ['--scope', '{scope}'] })

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, expiresOnTimestamp }) => console.log(`a token by ${source} until ${new Date(expiresOnTimestamp).toISOString()}`),
  (error) => {
    console.error(error.message, error.help)
    process.exitCode = 1
  }
)
