// @ts-check
'use strict'

// A service principal with an assertion that the program gets itself, here from a service that identifies the program.

const { ClientTokenCredential } = require('azure-client-token')

const { APP_TENANT_ID = '', APP_CLIENT_ID = '', AZURE_AUTHORITY_HOST } = process.env
const [identityService] = process.argv.slice(2)

const credential = new ClientTokenCredential({
  credential: 'clientAssertion',
  tenantId: APP_TENANT_ID,
  clientId: APP_CLIENT_ID,
  getAssertion,
  authorityHost: AZURE_AUTHORITY_HOST
})

credential.getToken('https://vault.azure.net/.default').then(
  ({ source, tenantId }) => console.log(`a token by ${source} of tenant ${tenantId}`),
  (error) => {
    console.error(error.message, error.help, error.cause)
    process.exitCode = 1
  }
)

/** Called for each acquisition, so it need not cache. An error that it throws becomes the `cause` of the call's error. */
async function getAssertion() {
  const answer = await fetch(identityService)
  if (!answer.ok) throw new Error(`${identityService} answered with status ${answer.status}`)
  return answer.text()
}
