// @ts-check
'use strict'

const { configurationError } = require('../errors')
const { ChainedTokenCredential, firstToken, isPassedOver } = require('./chain')
const { AzureCliCredential, AzureDeveloperCliCredential, AzurePowerShellCredential } = require('./developer-tools')
const { EnvironmentCredential } = require('./environment-credential')
const { CredentialUnavailableError } = require('./errors')
const { managedIdentityOf } = require('./managed-identity')
const { sharedOptions } = require('./options')
const { shown } = require('./shown')
const { variables } = require('./environment')
const { WorkloadIdentityCredential } = require('./workload-identity')

/**
 * @typedef {import('../../identity').TokenCredential} TokenCredential
 * @typedef {(options: any, environment: import('./environment').Variables, isAlone: boolean) => TokenCredential} Member
 */

/** @type {Record<string, Member>} */
const PROD = {
  environmentcredential: (options) => new EnvironmentCredential(options),
  workloadidentitycredential: workloadMember,
  managedidentitycredential: managedIdentityMember,
}

/** @type {Record<string, Member>} */
const DEV = {
  visualstudiocodecredential: () => absent('The login of Visual Studio Code needs a user and a broker, which azure-client-token/identity does not have.'),
  azureclicredential: (options) => new AzureCliCredential(options),
  azurepowershellcredential: (options) => new AzurePowerShellCredential(options),
  azuredeveloperclicredential: (options) => new AzureDeveloperCliCredential(options),
}

/** No value of AZURE_TOKEN_CREDENTIALS names this member. @type {Member} */
const broker = () => absent('A broker logs a user in, and azure-client-token/identity has no interactive login.')

const NAMES = 'EnvironmentCredential, WorkloadIdentityCredential, ManagedIdentityCredential, AzureCliCredential, AzurePowerShellCredential, AzureDeveloperCliCredential'

/** The chain of Azure's SDKs. From then on, only the member that gave a token is asked, while it is available. */
class DefaultAzureCredential extends ChainedTokenCredential {
  static keepsTokens = true

  #members
  /** @type {TokenCredential | undefined} */
  #found

  /** @param {import('../../identity').DefaultAzureCredentialOptions} [options] */
  constructor(options) {
    const environment = variables()
    checkRequiredVariables(options?.requiredEnvVars, environment)
    const members = chosenMembers(environment.read('AZURE_TOKEN_CREDENTIALS'))
    sharedOptions(options)
    super()
    this.#members = members.map((member) => memberOf(member, options ?? {}, environment, members.length === 1))
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return (await this.#foundToken(scopes, options)) ?? (await this.#firstToken(scopes, options))
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async #foundToken(scopes, options) {
    try {
      return await this.#found?.getToken(scopes, options)
    } catch (error) {
      if (!isPassedOver(error)) throw error
      this.#found = undefined
    }
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async #firstToken(scopes, options) {
    const { token, credential } = await firstToken(this.#members, scopes, options)
    this.#found = credential
    return token
  }
}

/**
 * A member that cannot be created from its settings is skipped, and its error says why.
 * @param {Member} make
 * @param {object} options
 * @param {import('./environment').Variables} environment
 * @param {boolean} isAlone
 */
function memberOf(make, options, environment, isAlone) {
  try {
    return make(options, environment, isAlone)
  } catch (error) {
    return absent(/** @type {Error} */ (error).message, error)
  }
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 * @returns {TokenCredential}
 */
function absent(message, cause) {
  return {
    async getToken() {
      throw new CredentialUnavailableError(message, cause ? { cause } : undefined)
    },
  }
}

/** @type {Member} */
function workloadMember(options, { read }) {
  const clientId = options.workloadIdentityClientId ?? options.managedIdentityClientId ?? read('AZURE_CLIENT_ID')
  return new WorkloadIdentityCredential({ ...options, clientId, tenantId: options.tenantId ?? read('AZURE_TENANT_ID') })
}

/** @type {Member} */
function managedIdentityMember(options, environment, isAlone) {
  const { managedIdentityResourceId: resourceId, managedIdentityClientId, workloadIdentityClientId } = options
  const named = managedIdentityClientId ?? environment.read('AZURE_CLIENT_ID')
  const ofWorkload = environment.read('AZURE_FEDERATED_TOKEN_FILE') ? workloadIdentityClientId : undefined
  const identity = resourceId ? { resourceId } : { clientId: ofWorkload ?? named }
  return managedIdentityOf({ ...options, ...identity }, environment, !isAlone)
}

/**
 * @param {string | undefined} chosen the value of AZURE_TOKEN_CREDENTIALS
 * @returns {Member[]}
 */
function chosenMembers(chosen) {
  const name = chosen?.trim().toLowerCase()
  if (!name) return [...Object.values(PROD), ...Object.values(DEV), broker]
  if (name === 'prod') return Object.values(PROD)
  if (name === 'dev') return [...Object.values(DEV), broker]
  if (name === 'visualstudiocodecredential') throw unsupportedChoice()
  const all = { ...PROD, ...DEV }
  if (!Object.hasOwn(all, name)) throw new Error(`AZURE_TOKEN_CREDENTIALS has an unknown value. Set it to prod, dev, or one of ${NAMES}.`)
  return [all[name]]
}

function unsupportedChoice() {
  const message = 'AZURE_TOKEN_CREDENTIALS is VisualStudioCodeCredential, whose login needs a user and a broker. Choose another one, or use @azure/identity.'
  return configurationError(message, ['AZURE_TOKEN_CREDENTIALS'])
}

/**
 * @param {string | readonly string[] | undefined} required
 * @param {import('./environment').Variables} environment
 */
function checkRequiredVariables(required, { read }) {
  const missing = required ? [required].flat().filter((name) => !read(name)) : []
  if (missing.length === 0) return
  const names = missing.map((name) => shown('requiredEnvVars', name)).join(', ')
  throw new Error(`DefaultAzureCredential requires variables that are not set: ${names}. Set them, or remove them from requiredEnvVars.`)
}

module.exports = { DefaultAzureCredential }
