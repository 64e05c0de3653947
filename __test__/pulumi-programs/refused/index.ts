import * as pulumi from '@pulumi/pulumi'
import { getClientToken, getClientTokenOutput } from 'azure-client-token/pulumi'

const form = new pulumi.Config().require('form')

export const token = form === 'plain' ? getClientToken().then(result => result.token) : getClientTokenOutput().token
