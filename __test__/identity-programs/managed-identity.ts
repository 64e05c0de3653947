// The system-assigned managed identity of the host.
import { CredentialUnavailableError, ManagedIdentityCredential } from '@azure/identity'

new ManagedIdentityCredential()
  .getToken('https://storage.azure.com/.default')
  .then(({ token }) => console.log(token))
  .catch((error: unknown) => console.log(error instanceof CredentialUnavailableError ? 'none' : error))
