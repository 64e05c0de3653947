'use strict'

// The credentials that node-redis requests for each connection: the user name and the token.

const { DefaultAzureCredential } = require('@azure/identity')
const { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } = require('@redis/entraid')

const provider = EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
  credential: new DefaultAzureCredential(),
  scopes: REDIS_SCOPE_DEFAULT,
  tokenManagerConfig: { expirationRefreshRatio: 0.8 },
})
provider.subscribe({ onNext() {}, onError: console.error }).then(([{ username, password }, subscription]) => {
  console.log(JSON.stringify({ username, token: password }))
  subscription.dispose()
})
