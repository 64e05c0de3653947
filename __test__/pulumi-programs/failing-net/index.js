// Joins two members of an output that fails, so that several promises wait for the same failure.
const pulumi = require('@pulumi/pulumi')
const entry = require('azure-client-token/pulumi')
const { ClientTokenCredential, getClientToken } = require('azure-client-token')

const scope = 'https://vault.azure.net/.default'

/** @type {Record<string, () => any>} */
const failing = {
  'the program itself': () => pulumi.output(Promise.reject(new Error('refused by the program'))),
  getClientToken: () => pulumi.output(entry.getClientToken()),
  getClientTokenOutput: () => entry.getClientTokenOutput(),
  getClientConfig: () => pulumi.output(entry.getClientConfig()),
  getClientConfigOutput: () => entry.getClientConfigOutput(),
  'getClientToken inside apply': () => pulumi.output('').apply(() => getClientToken()),
  'getToken inside apply': () => pulumi.output('').apply(() => new ClientTokenCredential().getToken(scope)),
  'getToken with options inside apply': () => pulumi.output('').apply(() => new ClientTokenCredential().getToken([scope], { requestOptions: { timeout: 9000 } })),
  'wrong arguments of getClientToken inside apply': () => pulumi.output('').apply(() => getClientToken(/** @type {any} */ ({ endpoint: 5 }))),
  'wrong scopes of getToken inside apply': () => pulumi.output('').apply(() => new ClientTokenCredential().getToken(/** @type {any} */ (5))),
  'wrong settings of a credential inside apply': () => pulumi.output('').apply(() => new ClientTokenCredential(/** @type {any} */ ({ credential: 'clientSecret', tenantId: 5 })).getToken(scope)),
  'wrong options of getClientToken inside apply': () => pulumi.output('').apply(() => getClientToken({}, /** @type {any} */ ({ timeout: 'x' }))),
  'wrong options of getToken inside apply': () => pulumi.output('').apply(() => new ClientTokenCredential().getToken(scope, /** @type {any} */ ({ tenantId: 5 }))),
  'wrong arguments of the entry': () => pulumi.output(entry.getClientToken(/** @type {any} */ ({ endpoint: 5 })))
}

const output = failing[new pulumi.Config().require('form')]()

exports.both = pulumi.interpolate`${output.tenantId} ${output.source} ${output.token}`
