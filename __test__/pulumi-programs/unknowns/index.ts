import * as pulumi from '@pulumi/pulumi'
import * as authorization from 'azure-client-token/pulumi'
import { Provider } from '../../support/azure-native/provider'

/** Its secret is known only after its creation. */
class Application extends pulumi.CustomResource {
  readonly secret!: pulumi.Output<string>
  readonly endpoint!: pulumi.Output<string>

  constructor(name: string) {
    super('test:index:Application', name, { secret: undefined, endpoint: undefined })
  }
}

const settings = new pulumi.Config('provider')
const application = new Application('application')
const provider = new Provider('new', {
  environment: '',
  tenantId: settings.require('tenantId'),
  clientId: settings.require('clientId'),
  clientSecret: application.secret
})

const plain = authorization.getClientToken({}, { provider })
export const plainKeys = plain.then(result => Object.keys(result).sort())
export const ofNewProvider = authorization.getClientTokenOutput({}, { provider }).token
export const ofNewEndpoint = authorization.getClientTokenOutput({ endpoint: application.endpoint }).token
export const afterApplication = authorization.getClientTokenOutput({}, { dependsOn: [application] }).token
export const known = authorization.getClientTokenOutput().token
