import * as pulumi from '@pulumi/pulumi'

/** The arguments of `Provider` in @pulumi/azure-native 3.28.0 (package/provider.d.ts). */
export interface ProviderArgs {
  auxiliaryTenantIds?: pulumi.Input<pulumi.Input<string>[] | undefined>
  clientCertificatePassword?: pulumi.Input<string | undefined>
  clientCertificatePath?: pulumi.Input<string | undefined>
  clientId?: pulumi.Input<string | undefined>
  clientSecret?: pulumi.Input<string | undefined>
  disableInstanceDiscovery?: pulumi.Input<boolean | undefined>
  disablePulumiPartnerId?: pulumi.Input<boolean | undefined>
  environment?: pulumi.Input<string | undefined>
  location?: pulumi.Input<string | undefined>
  metadataHost?: pulumi.Input<string | undefined>
  msiEndpoint?: pulumi.Input<string | undefined>
  oidcRequestToken?: pulumi.Input<string | undefined>
  oidcRequestUrl?: pulumi.Input<string | undefined>
  oidcToken?: pulumi.Input<string | undefined>
  oidcTokenFilePath?: pulumi.Input<string | undefined>
  partnerId?: pulumi.Input<string | undefined>
  subscriptionId?: pulumi.Input<string | undefined>
  tenantId?: pulumi.Input<string | undefined>
  useDefaultAzureCredential?: pulumi.Input<boolean | undefined>
  useMsi?: pulumi.Input<boolean | undefined>
  useOidc?: pulumi.Input<boolean | undefined>
}

export declare class Provider extends pulumi.ProviderResource {
  constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions)
}
