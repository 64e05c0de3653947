// An application with a secret, at its own authority, and a program that handles a refusal.
import { AuthenticationRequiredError, AzureAuthorityHosts, ClientSecretCredential } from '@azure/identity'

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '' } = process.env
const authorityHost = process.env.AZURE_AUTHORITY_HOST ?? AzureAuthorityHosts.AzurePublicCloud
const options = { authorityHost, disableInstanceDiscovery: true }

async function main(): Promise<void> {
  const wrong = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, 'wrong', options)
  await wrong.getToken('https://graph.microsoft.com/.default').catch((error: unknown) => {
    if (!(error instanceof AuthenticationRequiredError) || !error.message.includes('AADSTS7000215')) throw error
  })
  const right = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options)
  const { token, expiresOnTimestamp } = await right.getToken(['https://graph.microsoft.com/.default'])
  if (expiresOnTimestamp < Date.now()) throw new Error('expired')
  console.log(token)
}

main()
