// The types of @pulumi/azure-native 3.28.0: package/authorization/getClientToken.d.ts and getClientConfig.d.ts.

import * as pulumi from '@pulumi/pulumi'

export declare function getClientToken(args?: GetClientTokenArgs, opts?: pulumi.InvokeOptions): Promise<GetClientTokenResult>
export declare function getClientTokenOutput(args?: GetClientTokenOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetClientTokenResult>
export declare function getClientConfig(opts?: pulumi.InvokeOptions): Promise<GetClientConfigResult>
export declare function getClientConfigOutput(opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetClientConfigResult>

export interface GetClientTokenArgs {
  endpoint?: string
}

export interface GetClientTokenOutputArgs {
  endpoint?: pulumi.Input<string | undefined>
}

export interface GetClientTokenResult {
  readonly token: string
}

export interface GetClientConfigResult {
  readonly clientId: string
  readonly objectId: string
  readonly subscriptionId: string
  readonly tenantId: string
}
