import * as pulumi from '@pulumi/pulumi'
import * as authorization from 'azure-client-token/pulumi'
import { Provider } from '../../support/azure-native/provider'

class Landscape extends pulumi.ComponentResource {
  readonly token: pulumi.Output<string>

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super('test:index:Landscape', name, {}, opts)
    this.token = authorization.getClientTokenOutput({}, { parent: this }).token
  }
}

const settings = new pulumi.Config('provider')
const provider = new Provider('theirs', {
  environment: '',
  tenantId: settings.require('tenantId'),
  clientId: settings.require('clientId'),
  clientSecret: settings.requireSecret('clientSecret')
})

export const output = new Landscape('landscape', { providers: [provider] }).token
