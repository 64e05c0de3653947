// @ts-check
'use strict'

// Microsoft Graph. The scope stands for the application's permissions. Each request gets its token from the credential's cache.

const { Client } = require('@microsoft/microsoft-graph-client')
const { TokenCredentialAuthenticationProvider } = require('@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials')
const { ClientTokenCredential } = require('azure-client-token')

const authProvider = new TokenCredentialAuthenticationProvider(new ClientTokenCredential(), {
  scopes: ['https://graph.microsoft.com/.default'],
})

async function main() {
  const graph = Client.initWithMiddleware({ authProvider })
  const { value } = await graph.api('/users').select('displayName').get()
  for (const { displayName } of value) console.log(displayName)
}

main()
