// @ts-check

import { getClientConfig, getClientConfigOutput, getClientToken, getClientTokenOutput } from 'azure-client-token/pulumi'

const functions = { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput }

export const kinds = Object.entries(functions).map(([name, value]) => `${name}: ${typeof value}`)
export const identity = getClientConfigOutput()
export const output = getClientTokenOutput().token
