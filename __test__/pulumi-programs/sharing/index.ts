import * as pulumi from '@pulumi/pulumi'
import * as main from 'azure-client-token'
import * as authorization from 'azure-client-token/pulumi'

const outputs = [authorization.getClientTokenOutput(), authorization.getClientTokenOutput()]
const plain = main.getClientToken()

export const areOne = pulumi.all([...outputs, plain]).apply(results => new Set(results.map(({ token }) => token)).size === 1)
