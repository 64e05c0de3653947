// The default chain, for a client of an Azure service.
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity'

class VaultClient {
  constructor(private readonly credential: TokenCredential) {}

  async ask(): Promise<string> {
    const token = await this.credential.getToken('https://vault.azure.net/.default')
    return token === null ? 'nothing' : token.token
  }
}

const credential = new DefaultAzureCredential({ disableInstanceDiscovery: true })
new VaultClient(credential).ask().then((token) => console.log(token))
