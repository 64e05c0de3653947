// Mistakes that the types of the Pulumi entry must reject: every line with the comment `refused`, and no other, is an error.

import * as pulumi from '@pulumi/pulumi'
import * as authorization from 'azure-client-token/pulumi'

declare const endpoint: pulumi.Output<string>
declare const resource: pulumi.CustomResource

authorization.getClientToken({ endpoint: 1 }) // refused
authorization.getClientToken({ endpoint }) // refused: the plain form takes plain values
authorization.getClientToken({}, { dependsOn: resource }) // refused: only the output form waits
authorization.getClientToken({ audience: 'x' }) // refused
authorization.getClientTokenOutput({ endpoint: pulumi.output(1) }) // refused
authorization.getClientTokenOutput({}, { provider: 'azure-native' }) // refused: not a provider
authorization.getClientConfig({}, {}) // refused
export const token: string = authorization.getClientTokenOutput().token // refused: an output
export const config: pulumi.Output<number> = authorization.getClientConfigOutput().tenantId // refused
export const right: pulumi.Output<string> = authorization.getClientTokenOutput({ endpoint }).token
