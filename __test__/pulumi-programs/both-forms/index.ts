import * as pulumi from '@pulumi/pulumi'
import { getClientToken, getClientTokenOutput } from 'azure-client-token/pulumi'

export const plain = pulumi.secret(getClientToken().then(({ token }) => token))
export const output = getClientTokenOutput({ endpoint: pulumi.output('https://graph.microsoft.com') })
export const property = getClientTokenOutput().token
