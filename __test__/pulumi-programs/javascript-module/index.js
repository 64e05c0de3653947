import { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput } from 'azure-client-token/pulumi'

export const functions = [getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput].map(({ name }) => name)
export const output = getClientTokenOutput().token
