// An application with an assertion that the program creates, with the assertion of a pod, and on behalf of a user.
import { readFile } from 'node:fs/promises'
import { ClientAssertionCredential, OnBehalfOfCredential, WorkloadIdentityCredential } from '@azure/identity'

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '', TOKEN_FILE = '', USER_TOKEN = '' } = process.env
const options = { disableInstanceDiscovery: true }

async function main(): Promise<void> {
  const getAssertion = async (): Promise<string> => (await readFile(TOKEN_FILE, 'utf8')).trim()
  const own = new ClientAssertionCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, getAssertion, options)
  await own.getToken('https://graph.microsoft.com/.default')
  const pod = new WorkloadIdentityCredential({ tenantId: AZURE_TENANT_ID, clientId: AZURE_CLIENT_ID, tokenFilePath: TOKEN_FILE, ...options })
  await pod.getToken('https://vault.azure.net/.default')
  const user = new OnBehalfOfCredential({
    tenantId: AZURE_TENANT_ID,
    clientId: AZURE_CLIENT_ID,
    clientSecret: AZURE_CLIENT_SECRET,
    userAssertionToken: USER_TOKEN,
    ...options
  })
  console.log((await user.getToken('https://management.azure.com/.default')).token)
}

main()
