// The program's own chain: a credential for another environment first, then developer tools, then an application.
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  EnvironmentCredential,
  getBearerTokenProvider
} from '@azure/identity'

const credential = new ChainedTokenCredential(
  new AzureCliCredential(),
  new AzureDeveloperCliCredential({ processTimeoutInMs: 5000 }),
  new AzurePowerShellCredential(),
  new EnvironmentCredential({ disableInstanceDiscovery: true })
)
getBearerTokenProvider(credential, 'https://cognitiveservices.azure.com/.default')().then((token) => console.log(token))
