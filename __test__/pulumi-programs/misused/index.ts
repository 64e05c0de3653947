import { getClientTokenOutput } from 'azure-client-token/pulumi'

const misuse: any = { dependsOn: 'no resource' }

export const token = getClientTokenOutput({}, misuse).token
