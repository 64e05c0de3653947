// A task of Azure Pipelines.
import { AzurePipelinesCredential } from '@azure/identity'

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', SERVICE_CONNECTION_ID = '', SYSTEM_ACCESSTOKEN = '' } = process.env
const credential = new AzurePipelinesCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, SERVICE_CONNECTION_ID, SYSTEM_ACCESSTOKEN, {
  disableInstanceDiscovery: true
})
credential.getToken('https://management.azure.com/.default').then(({ token }) => console.log(token))
