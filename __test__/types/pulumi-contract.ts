// The Pulumi entry, used as programs use it, in the syntax of TypeScript 3.8. Compiled by several compilers, never run.

import * as pulumi from '@pulumi/pulumi'
import * as authorization from 'azure-client-token/pulumi'
import * as original from './azure-native-authorization'

declare function accepts<T>(value: T): void

// --- the types that mirror the original are the same, in both directions ---

accepts<original.GetClientTokenArgs>({} as authorization.GetClientTokenArgs)
accepts<authorization.GetClientTokenArgs>({} as original.GetClientTokenArgs)
accepts<original.GetClientTokenOutputArgs>({} as authorization.GetClientTokenOutputArgs)
accepts<authorization.GetClientTokenOutputArgs>({} as original.GetClientTokenOutputArgs)
accepts<original.GetClientConfigResult>({} as authorization.GetClientConfigResult)
accepts<authorization.GetClientConfigResult>({} as original.GetClientConfigResult)

accepts<Parameters<typeof original.getClientToken>>({} as any as Parameters<typeof authorization.getClientToken>)
accepts<Parameters<typeof authorization.getClientToken>>({} as any as Parameters<typeof original.getClientToken>)
accepts<Parameters<typeof original.getClientTokenOutput>>({} as any as Parameters<typeof authorization.getClientTokenOutput>)
accepts<Parameters<typeof authorization.getClientTokenOutput>>({} as any as Parameters<typeof original.getClientTokenOutput>)
accepts<typeof original.getClientConfig>(authorization.getClientConfig)
accepts<typeof authorization.getClientConfig>(original.getClientConfig)
accepts<typeof original.getClientConfigOutput>(authorization.getClientConfigOutput)
accepts<typeof authorization.getClientConfigOutput>(original.getClientConfigOutput)

// --- the result has more members than the original's, and is assignable to it ---

accepts<typeof original.getClientToken>(authorization.getClientToken)
accepts<typeof original.getClientTokenOutput>(authorization.getClientTokenOutput)
accepts<typeof original>(authorization)

// --- calls ---

declare const provider: pulumi.ProviderResource
declare const parent: pulumi.ComponentResource
declare const resource: pulumi.CustomResource
declare const endpoint: pulumi.Output<string>

export const calls = [
  authorization.getClientToken(),
  authorization.getClientToken({}),
  authorization.getClientToken({ endpoint: 'https://graph.microsoft.com' }, { provider, parent, version: '3.28.0', async: true }),
  authorization.getClientTokenOutput({ endpoint }, { dependsOn: [resource, Promise.resolve(resource)] }),
  authorization.getClientTokenOutput({ endpoint: Promise.resolve('api://a') }, { dependsOn: resource, provider })
]

export const token: pulumi.Output<string> = authorization.getClientTokenOutput().token
export const expiry: Promise<number> = authorization.getClientToken().then(result => result.expiresOnTimestamp)
export const source: Promise<authorization.CredentialKind> = authorization.getClientToken().then(result => result.source)
export const tenantId: pulumi.Output<string> = authorization.getClientConfigOutput({ parent }).tenantId
