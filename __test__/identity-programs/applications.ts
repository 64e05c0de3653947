// A chain of two applications, in a cloud that the authority selects, with support for claims challenges.
import { AuthenticationRequiredError, AzureAuthorityHosts, ChainedTokenCredential, ClientSecretCredential } from '@azure/identity'

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '', AZURE_AUTHORITY_HOST } = process.env
const options = { authorityHost: AZURE_AUTHORITY_HOST ?? AzureAuthorityHosts.AzureGovernment, disableInstanceDiscovery: true }

async function main(): Promise<void> {
  const old = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, 'of last year', options)
  const current = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options)
  await old.getToken('https://vault.azure.net/.default').catch((error: unknown) => {
    if (!(error instanceof AuthenticationRequiredError)) throw error
  })
  const credential = new ChainedTokenCredential(old, current)
  const { token } = await credential.getToken('https://vault.azure.net/.default', { enableCae: true })
  console.log(token)
}

main()
