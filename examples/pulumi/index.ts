import * as pulumi from '@pulumi/pulumi'
import * as authorization from 'azure-client-token/pulumi'

// An API that no provider covers, for example https://graph.microsoft.com or your own api://GUID.
const endpoint = new pulumi.Config().get('endpoint') ?? 'https://graph.microsoft.com'

// The output form is a secret: the state and the console never show it.
const api = authorization.getClientTokenOutput({ endpoint })
export const authorizationHeader = pulumi.interpolate`${api.tokenType} ${api.token}`

// The plain form gives a promise. Without an endpoint the token is for Azure Resource Manager.
const management = authorization.getClientToken()
export const managementSource = management.then(({ source }) => source)
export const managementExpiry = management.then(({ expiresOnTimestamp }) => new Date(expiresOnTimestamp).toISOString())
