// A chain of a program's own: the environment of another kind first, then a developer's tools, then an application.
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
