// @ts-check
'use strict'

// An exec plug-in of kubectl: client.authentication.k8s.io, documented in Kubernetes' reference on authentication.

const { UsageError } = require('./failure')
const { makeLogin } = require('./login')
const { resourceOf } = require('./aliases')

const GROUP = 'client.authentication.k8s.io'
/** The version that kubelogin uses if kubectl does not name one. */
const UNSAID = `${GROUP}/v1beta1`

/** @param {import('./login').LoginOptions & { 'server-id'?: string }} options */
async function main(options) {
  const apiVersion = askedVersion(process.env.KUBERNETES_EXEC_INFO)
  const login = makeLogin(options)
  const { token, expiresOnTimestamp } = await login.token(resourceOf(options['server-id'] ?? 'aks', login.cloud))
  const expirationTimestamp = new Date(expiresOnTimestamp).toISOString().replace(/\.\d+Z$/, 'Z')
  return `${JSON.stringify({ apiVersion, kind: 'ExecCredential', status: { token, expirationTimestamp } })}\n`
}

/** @param {string | undefined} info */
function askedVersion(info) {
  if (info === undefined || info === '') return UNSAID
  const version = versionIn(info)
  if (version === `${GROUP}/v1` || version === UNSAID) return version
  throw new UsageError('KUBERNETES_EXEC_INFO has a version that is not supported. Set apiVersion: client.authentication.k8s.io/v1 in the kubeconfig')
}

/** @param {string} info */
function versionIn(info) {
  try {
    return JSON.parse(info)?.apiVersion
  } catch {
    return undefined
  }
}

module.exports = { main }
