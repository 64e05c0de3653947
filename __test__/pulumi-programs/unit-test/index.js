// @ts-check
'use strict'

// A user's unit tests: the calls of this package and of the original that their mocks receive, and the results.

const pulumi = require('@pulumi/pulumi')

/** @type {import('@pulumi/pulumi').runtime.MockCallArgs[]} */
const calls = []
const isPreview = process.argv[2] === 'preview'

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})

async function main() {
  await pulumi.runtime.setMocks({ newResource, call }, 'p', 'dev', isPreview)
  const authorization = require('azure-client-token/pulumi')
  const { Provider } = require('../../support/azure-native/provider')
  const provider = new Provider('explicit', { tenantId: 't' })
  const endpoint = pulumi.output('api://a')

  const answers = {
    plain: await authorization.getClientToken({ endpoint: 'api://a' }),
    withProvider: await authorization.getClientToken({}, { provider }),
    output: await state(authorization.getClientTokenOutput({ endpoint }, { dependsOn: provider })),
    config: await authorization.getClientConfig({ provider }),
    configOutput: await state(authorization.getClientConfigOutput())
  }
  const ours = calls.splice(0)
  await original(endpoint, provider)
  console.log(JSON.stringify({ answers, ours, theirs: calls }))
}

/**
 * The calls that @pulumi/azure-native 3.28.0 makes (package/authorization/getClientToken.js).
 * @param {import('@pulumi/pulumi').Output<string>} endpoint
 * @param {import('@pulumi/pulumi').ProviderResource} provider
 */
async function original(endpoint, provider) {
  const [token, config] = ['getClientToken', 'getClientConfig'].map((name) => `azure-native:authorization:${name}`)
  await pulumi.runtime.invoke(token, { endpoint: 'api://a' }, { version: '3.28.0' })
  await pulumi.runtime.invoke(token, { endpoint: undefined }, { version: '3.28.0', provider })
  await state(pulumi.runtime.invokeOutput(token, { endpoint }, { version: '3.28.0', dependsOn: provider }))
  await pulumi.runtime.invoke(config, {}, { version: '3.28.0', provider })
  await state(pulumi.runtime.invokeOutput(config, {}, { version: '3.28.0' }))
}

/** @param {import('@pulumi/pulumi').runtime.MockResourceArgs} args */
function newResource({ name, inputs }) {
  return { id: `${name}-id`, state: inputs }
}

/** @param {import('@pulumi/pulumi').runtime.MockCallArgs} args */
function call(args) {
  calls.push(args)
  return { mocked: args.token }
}

/** @param {any} output */
async function state(output) {
  return { value: await output.promise(), isKnown: await output.isKnown, isSecret: await output.isSecret }
}
