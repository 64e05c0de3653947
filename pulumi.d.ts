/**
 * The entry for Pulumi programs: the functions of `@pulumi/azure-native/authorization` that give the login context,
 * answered inside the program. Change the import, and nothing else.
 *
 * This file keeps to the syntax of TypeScript 3.8, and so does what it imports: that is the compiler which
 * `@pulumi/pulumi` brings along for programs that have none of their own.
 *
 * @packageDocumentation
 */

import * as pulumi from '@pulumi/pulumi'
import { GetClientConfigResult, GetClientTokenArgs, GetClientTokenResult } from './index'

export { CachedIn, CredentialKind, GetClientConfigResult, GetClientTokenArgs, GetClientTokenResult } from './index'

/**
 * Gets an Azure authentication token for the current login context: that of the provider given, else of the parent's,
 * else of the stack's `azure-native` configuration, each with the environment behind it.
 *
 * In a preview a real token is fetched too. While an argument or a setting of the provider is unknown, the promise
 * resolves to `{}`.
 */
export function getClientToken(
  args?: GetClientTokenArgs,
  opts?: pulumi.InvokeOptions
): Promise<GetClientTokenResult>

/**
 * The same as an output. It is a secret, depends on what its arguments come from and on `dependsOn`, and is unknown
 * while one of those resources is yet to be created.
 */
export function getClientTokenOutput(
  args?: GetClientTokenOutputArgs,
  opts?: pulumi.InvokeOutputOptions
): pulumi.Output<GetClientTokenResult>

/** Tells who the current login context is. It asks for one Microsoft Graph token and reads its claims. */
export function getClientConfig(opts?: pulumi.InvokeOptions): Promise<GetClientConfigResult>

/** The same as an output. Nothing in it is secret, so it is not marked as one. */
export function getClientConfigOutput(opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetClientConfigResult>

/** What to get a token for, where it may come from a resource. */
export interface GetClientTokenOutputArgs {
  /** As {@link GetClientTokenArgs.endpoint}. */
  endpoint?: pulumi.Input<string | undefined>
}
