import * as pulumi from '@pulumi/pulumi'
import * as authorization from 'azure-client-token/pulumi'
import { Provider } from '../../support/azure-native/provider'

const settings = new pulumi.Config('provider')
const provider = new Provider('explicit', {
  // An empty name leaves the authority to the environment.
  environment: '',
  tenantId: settings.require('tenantId'),
  clientId: settings.requireSecret('clientId'),
  clientSecret: settings.requireSecret('clientSecret'),
  useMsi: false
})

export const plain = pulumi.secret(authorization.getClientToken({}, { provider }).then(({ token }) => token))
export const output = authorization.getClientTokenOutput({}, { provider }).token
