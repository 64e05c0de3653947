// @ts-check
'use strict'

// The programs of __test__/identity-programs, which are written for @azure/identity: the login in their environment, and the resource of
// the token that each prints.

const fs = require('node:fs')
const path = require('node:path')

const programs = path.join(__dirname, '..', 'identity-programs')
const names = fs.readdirSync(programs).map((file) => path.basename(file, '.ts'))

/** The resource of the token that each program prints. @type {Record<string, string>} */
const RESOURCES = {
  default: 'https://vault.azure.net',
  applications: 'https://vault.azure.net',
  secret: 'https://graph.microsoft.com',
  certificate: 'https://vault.azure.net',
  assertion: 'https://management.azure.com',
  chain: 'https://cognitiveservices.azure.com',
  'managed-identity': 'https://storage.azure.com',
  'user-assigned': 'https://vault.azure.net',
  pipeline: 'https://management.azure.com',
}

/**
 * Writes the programs into a folder, with the package that they import.
 * @param {string} folder
 * @param {string} imported
 * @returns {string[]} the files
 */
function writePrograms(folder, imported) {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  return names.map((name) => {
    const file = path.join(folder, `${name}.ts`)
    fs.writeFileSync(file, fs.readFileSync(path.join(programs, `${name}.ts`), 'utf8').replace("'@azure/identity'", `'${imported}'`))
    return file
  })
}

/**
 * The variables with which a program logs in.
 * @param {string} name
 * @param {import('../../emulator').Emulator} emulator
 * @param {string} certificate a file with the certificate and key of its application
 */
function loginOf(name, emulator, certificate) {
  const isOfHost = name === 'managed-identity' || name === 'user-assigned'
  return isOfHost ? hostOf(emulator.managedIdentity) : applicationOf(emulator, certificate)
}

/** @param {import('../../emulator').Emulator['managedIdentity']} managedIdentity */
function hostOf({ appService, userAssigned: [{ clientId, resourceId }] }) {
  return { ...appService.environment, IDENTITY_CLIENT_ID: clientId, IDENTITY_RESOURCE_ID: resourceId ?? '' }
}

/**
 * @param {import('../../emulator').Emulator} emulator
 * @param {string} certificate
 */
function applicationOf({ tenantId, clientId, clientSecret, authorityHost, workloadIdentity, azureDevops, issueUserToken }, certificate) {
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_AUTHORITY_HOST: authorityHost,
    CERTIFICATE: certificate,
    TOKEN_FILE: workloadIdentity.tokenFile,
    USER_TOKEN: issueUserToken({ user: 'anyone@contoso.example' }),
    SERVICE_CONNECTION_ID: azureDevops.serviceConnectionId,
    SYSTEM_ACCESSTOKEN: azureDevops.accessToken,
    SYSTEM_OIDCREQUESTURI: azureDevops.requestUrl,
  }
}

/** @param {string} token @returns {Record<string, unknown>} */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
}

module.exports = { RESOURCES, claimsOf, loginOf, names, writePrograms }
