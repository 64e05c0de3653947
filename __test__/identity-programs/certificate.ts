// An application with a certificate: its path, and its text.
import { readFileSync } from 'node:fs'
import { ClientCertificateCredential } from '@azure/identity'

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', CERTIFICATE = '' } = process.env
const options = { disableInstanceDiscovery: true }

async function main(): Promise<void> {
  const byPath = new ClientCertificateCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, CERTIFICATE, options)
  await byPath.getToken('https://graph.microsoft.com/.default')
  const certificate = readFileSync(CERTIFICATE, 'utf8')
  const byText = new ClientCertificateCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, { certificate }, options)
  console.log((await byText.getToken('https://vault.azure.net/.default')).token)
}

main()
