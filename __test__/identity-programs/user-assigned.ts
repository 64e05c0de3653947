// A user-assigned managed identity: in the default chain and alone, in each form that names it.
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity'

const { IDENTITY_CLIENT_ID = '', IDENTITY_RESOURCE_ID = '' } = process.env

async function main(): Promise<void> {
  const byId = new ManagedIdentityCredential(IDENTITY_CLIENT_ID)
  await byId.getToken('https://storage.azure.com/.default')
  const byResource = new ManagedIdentityCredential({ resourceId: IDENTITY_RESOURCE_ID })
  await byResource.getToken('https://graph.microsoft.com/.default')
  const credential = new DefaultAzureCredential({ managedIdentityClientId: IDENTITY_CLIENT_ID })
  console.log((await credential.getToken('https://vault.azure.net/.default')).token)
}

main()
