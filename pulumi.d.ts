/**
 * The entry for Pulumi programs: the functions of `@pulumi/azure-native/authorization` that return the login context,
 * run inside the program. Change only the import.
 *
 * This file and its imports use only the syntax of TypeScript 3.8, which is the compiler that `@pulumi/pulumi` includes
 * for programs without their own.
 *
 * @packageDocumentation
 */

import * as pulumi from '@pulumi/pulumi'
import { GetClientConfigResult, GetClientTokenArgs, GetClientTokenResult } from './index'

export { CachedIn, CredentialKind, GetClientConfigResult, GetClientTokenArgs, GetClientTokenResult } from './index'

/**
 * Gets an Azure authentication token for the current login context: that of the given provider, else of the parent's,
 * else of the stack's `azure-native` configuration. In each case the environment supplies what they do not set.
 *
 * A preview also gets a real token. While an argument or a setting of the provider is unknown, the promise
 * resolves to `{}`.
 */
export function getClientToken(
  args?: GetClientTokenArgs,
  opts?: pulumi.InvokeOptions
): Promise<GetClientTokenResult>

/**
 * Does the same as an output. The output is a secret, depends on the resources of its arguments and on `dependsOn`, and is
 * unknown while one of those resources is yet to be created.
 */
export function getClientTokenOutput(
  args?: GetClientTokenOutputArgs,
  opts?: pulumi.InvokeOutputOptions
): pulumi.Output<GetClientTokenResult>

/** Describes the identity of the current login context. It asks for one Microsoft Graph token and reads its claims. */
export function getClientConfig(opts?: pulumi.InvokeOptions): Promise<GetClientConfigResult>

/** Does the same as an output. It contains no secret, so it is not marked as one. */
export function getClientConfigOutput(opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetClientConfigResult>

/** What to get a token for; the value may come from a resource. */
export interface GetClientTokenOutputArgs {
  /** As {@link GetClientTokenArgs.endpoint}. */
  endpoint?: pulumi.Input<string | undefined>
}
