// The types of azure-client-token/identity and of @azure/identity are assignable to each other. For classes this compares their
// constructors' parameters and public members, because the original's private members make its classes nominal.

import * as theirs from '@azure/identity'
import * as ours from '../../identity'

/** Fails to compile unless each is assignable to the other. */
type Both<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : 'ours does not take theirs') : 'theirs does not take ours'
/** The compared parts of a class: its public members, and the parameters of each overload of its constructor. */
type Public<Instance> = { [Name in keyof Instance]: Instance[Name] }
type Constructor = new (...parameters: any) => any
type Fits<One extends Constructor, Other extends Constructor> = [
  Both<Public<InstanceType<One>>, Public<InstanceType<Other>>>,
  Both<Overloads<One>, Overloads<Other>>
]
/**
 * Inference from one signature sees only the last overload. TypeScript 4.7 matches no class that has fewer signatures than the pattern;
 * later versions repeat the first one. A test checks that no class has more than four.
 */
type Overloads<Class> = Class extends { new (...p: infer A): any; new (...p: infer B): any; new (...p: infer C): any; new (...p: infer D): any }
  ? Overload<A, Names<A>> | Overload<B, Names<B>> | Overload<C, Names<C>> | Overload<D, Names<D>>
  : Class extends { new (...p: infer A): any; new (...p: infer B): any; new (...p: infer C): any }
  ? Overload<A, Names<A>> | Overload<B, Names<B>> | Overload<C, Names<C>>
  : Class extends { new (...p: infer A): any; new (...p: infer B): any }
  ? Overload<A, Names<A>> | Overload<B, Names<B>>
  : Class extends new (...p: infer A) => any
  ? Overload<A, Names<A>>
  : 'no class'
/**
 * A function that takes and returns a type is assignable only to one of the same type. The name is included, because objects whose
 * members are all optional are assignable to each other.
 */
type Overload<Taken, Name> = (taken: [Taken, Name]) => [Taken, Name]
type Names<Taken> = { [Index in keyof Taken]: NamesOf<Taken[Index]> }
type NamesOf<Value> = Value extends unknown ? keyof Value : never
type Fitting = [true, true]

const names: Both<keyof typeof ours, keyof typeof theirs> = true

const functions: {
  getBearerTokenProvider: Both<typeof ours.getBearerTokenProvider, typeof theirs.getBearerTokenProvider>
  getDefaultAzureCredential: Both<typeof ours.getDefaultAzureCredential, typeof theirs.getDefaultAzureCredential>
  serializeAuthenticationRecord: Both<typeof ours.serializeAuthenticationRecord, typeof theirs.serializeAuthenticationRecord>
  deserializeAuthenticationRecord: Both<typeof ours.deserializeAuthenticationRecord, typeof theirs.deserializeAuthenticationRecord>
  useIdentityPlugin: Both<typeof ours.useIdentityPlugin, typeof theirs.useIdentityPlugin>
  logger: Both<typeof ours.logger, typeof theirs.logger>
  CredentialUnavailableErrorName: Both<typeof ours.CredentialUnavailableErrorName, typeof theirs.CredentialUnavailableErrorName>
  AuthenticationErrorName: Both<typeof ours.AuthenticationErrorName, typeof theirs.AuthenticationErrorName>
  AggregateAuthenticationErrorName: Both<typeof ours.AggregateAuthenticationErrorName, typeof theirs.AggregateAuthenticationErrorName>
  AzureAuthorityHosts: Both<`${ours.AzureAuthorityHosts}`, `${theirs.AzureAuthorityHosts}`>
} = {
  getBearerTokenProvider: true,
  getDefaultAzureCredential: true,
  serializeAuthenticationRecord: true,
  deserializeAuthenticationRecord: true,
  useIdentityPlugin: true,
  logger: true,
  CredentialUnavailableErrorName: true,
  AuthenticationErrorName: true,
  AggregateAuthenticationErrorName: true,
  AzureAuthorityHosts: true
}

const interfaces: [
  Both<ours.AccessToken, theirs.AccessToken>,
  Both<ours.TokenCredential, theirs.TokenCredential>,
  Both<ours.GetTokenOptions, theirs.GetTokenOptions>,
  Both<ours.ErrorResponse, theirs.ErrorResponse>,
  Both<ours.AuthenticationRequiredErrorOptions, theirs.AuthenticationRequiredErrorOptions>,
  Both<ours.AuthenticationRecord, theirs.AuthenticationRecord>,
  Both<ours.AuthorityValidationOptions, theirs.AuthorityValidationOptions>,
  Both<ours.BrokerAuthOptions, theirs.BrokerAuthOptions>,
  Both<ours.BrokerOptions, theirs.BrokerOptions>,
  Both<ours.BrokerEnabledOptions, theirs.BrokerEnabledOptions>,
  Both<ours.BrokerDisabledOptions, theirs.BrokerDisabledOptions>,
  Both<ours.BrowserCustomizationOptions, theirs.BrowserCustomizationOptions>,
  Both<ours.BrowserLoginStyle, theirs.BrowserLoginStyle>,
  Both<ours.CredentialPersistenceOptions, theirs.CredentialPersistenceOptions>,
  Both<ours.TokenCachePersistenceOptions, theirs.TokenCachePersistenceOptions>,
  Both<ours.ClientCertificateCredentialPEMConfiguration, theirs.ClientCertificateCredentialPEMConfiguration>,
  Both<ours.ClientCertificatePEMCertificate, theirs.ClientCertificatePEMCertificate>,
  Both<ours.ClientCertificatePEMCertificatePath, theirs.ClientCertificatePEMCertificatePath>,
  Both<ours.DefaultAzureCredentialEnvVars, theirs.DefaultAzureCredentialEnvVars>,
  Both<ours.DeviceCodeInfo, theirs.DeviceCodeInfo>,
  Both<ours.DeviceCodePromptCallback, theirs.DeviceCodePromptCallback>,
  Both<ours.GetBearerTokenProviderOptions, theirs.GetBearerTokenProviderOptions>,
  Both<ours.IdentityPlugin, theirs.IdentityPlugin>,
  Both<ours.OnBehalfOfCredentialSecretOptions, theirs.OnBehalfOfCredentialSecretOptions>,
  Both<ours.OnBehalfOfCredentialCertificateOptions, theirs.OnBehalfOfCredentialCertificateOptions>,
  Both<ours.OnBehalfOfCredentialAssertionOptions, theirs.OnBehalfOfCredentialAssertionOptions>
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true]

const options: [
  Both<ours.TokenCredentialOptions, theirs.TokenCredentialOptions>,
  Both<ours.MultiTenantTokenCredentialOptions, theirs.MultiTenantTokenCredentialOptions>,
  Both<ours.InteractiveCredentialOptions, theirs.InteractiveCredentialOptions>,
  Both<ours.ClientSecretCredentialOptions, theirs.ClientSecretCredentialOptions>,
  Both<ours.ClientCertificateCredentialOptions, theirs.ClientCertificateCredentialOptions>,
  Both<ours.ClientAssertionCredentialOptions, theirs.ClientAssertionCredentialOptions>,
  Both<ours.EnvironmentCredentialOptions, theirs.EnvironmentCredentialOptions>,
  Both<ours.WorkloadIdentityCredentialOptions, theirs.WorkloadIdentityCredentialOptions>,
  Both<ours.ManagedIdentityCredentialClientIdOptions, theirs.ManagedIdentityCredentialClientIdOptions>,
  Both<ours.ManagedIdentityCredentialResourceIdOptions, theirs.ManagedIdentityCredentialResourceIdOptions>,
  Both<ours.ManagedIdentityCredentialObjectIdOptions, theirs.ManagedIdentityCredentialObjectIdOptions>,
  Both<ours.AzurePipelinesCredentialOptions, theirs.AzurePipelinesCredentialOptions>,
  Both<ours.OnBehalfOfCredentialOptions, theirs.OnBehalfOfCredentialOptions>,
  Both<ours.AzureCliCredentialOptions, theirs.AzureCliCredentialOptions>,
  Both<ours.AzureDeveloperCliCredentialOptions, theirs.AzureDeveloperCliCredentialOptions>,
  Both<ours.AzurePowerShellCredentialOptions, theirs.AzurePowerShellCredentialOptions>,
  Both<ours.DefaultAzureCredentialOptions, theirs.DefaultAzureCredentialOptions>,
  Both<ours.DefaultAzureCredentialClientIdOptions, theirs.DefaultAzureCredentialClientIdOptions>,
  Both<ours.DefaultAzureCredentialResourceIdOptions, theirs.DefaultAzureCredentialResourceIdOptions>,
  Both<ours.InteractiveBrowserCredentialNodeOptions, theirs.InteractiveBrowserCredentialNodeOptions>,
  Both<ours.InteractiveBrowserCredentialInBrowserOptions, theirs.InteractiveBrowserCredentialInBrowserOptions>,
  Both<ours.DeviceCodeCredentialOptions, theirs.DeviceCodeCredentialOptions>,
  Both<ours.AuthorizationCodeCredentialOptions, theirs.AuthorizationCodeCredentialOptions>,
  Both<ours.UsernamePasswordCredentialOptions, theirs.UsernamePasswordCredentialOptions>,
  Both<ours.VisualStudioCodeCredentialOptions, theirs.VisualStudioCodeCredentialOptions>
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true]

const classes: {
  [Name in
    | 'AuthenticationError' | 'AggregateAuthenticationError' | 'CredentialUnavailableError' | 'AuthenticationRequiredError'
    | 'ChainedTokenCredential' | 'DefaultAzureCredential' | 'EnvironmentCredential' | 'ClientSecretCredential' | 'ClientCertificateCredential'
    | 'ClientAssertionCredential' | 'WorkloadIdentityCredential' | 'ManagedIdentityCredential' | 'AzurePipelinesCredential' | 'OnBehalfOfCredential'
    | 'AzureCliCredential' | 'AzureDeveloperCliCredential' | 'AzurePowerShellCredential' | 'InteractiveBrowserCredential' | 'DeviceCodeCredential'
    | 'AuthorizationCodeCredential' | 'UsernamePasswordCredential' | 'VisualStudioCodeCredential']: Fits<(typeof ours)[Name], (typeof theirs)[Name]>
} = {
  AuthenticationError: [true, true], AggregateAuthenticationError: [true, true], CredentialUnavailableError: [true, true],
  AuthenticationRequiredError: [true, true], ChainedTokenCredential: [true, true], DefaultAzureCredential: [true, true],
  EnvironmentCredential: [true, true], ClientSecretCredential: [true, true], ClientCertificateCredential: [true, true],
  ClientAssertionCredential: [true, true], WorkloadIdentityCredential: [true, true], ManagedIdentityCredential: [true, true],
  AzurePipelinesCredential: [true, true], OnBehalfOfCredential: [true, true], AzureCliCredential: [true, true],
  AzureDeveloperCliCredential: [true, true], AzurePowerShellCredential: [true, true], InteractiveBrowserCredential: [true, true],
  DeviceCodeCredential: [true, true], AuthorizationCodeCredential: [true, true], UsernamePasswordCredential: [true, true],
  VisualStudioCodeCredential: [true, true]
}

/** Tests of the comparison: it finds both mistakes, and a missing overload at each position. */
const judged: [Both<{ a: string }, { a: string; b: number }>, Both<{ a: string; b: number }, { a: string }>] = ['theirs does not take ours', 'ours does not take theirs']

type One = { new (options?: { one?: 1 }): object }
type Two = { new (options?: { two?: 2 }): object; new (options?: { one?: 1 }): object }
type Three = { new (text: string): object; new (options?: { two?: 2 }): object; new (options?: { one?: 1 }): object }
type More = { new (options?: { one?: 1; two?: 2 }): object; new (options?: { one?: 1 }): object }
type Compared<Class extends Constructor, Other extends Constructor> = Fits<Class, Other>[1]
const overloads: [Compared<One, Two>, Compared<Two, One>, Compared<Two, Three>, Compared<Three, Two>, Compared<One, More>, Compared<More, One>, Compared<Three, Three>] = [
  'ours does not take theirs', 'theirs does not take ours', 'ours does not take theirs', 'theirs does not take ours', 'ours does not take theirs', 'theirs does not take ours', true
]

export { classes, functions, interfaces, judged, names, options, overloads, type Fitting }
