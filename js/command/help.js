// @ts-check
'use strict'

const { commands } = require('./commands')

const PROGRAM = 'azure-client-token'

/** @type {Record<string, string>} */
const meanings = {
  tenant: 'TENANT        get the token from this tenant',
  'client-id': 'ID         the application or the managed identity',
  cloud: 'CLOUD          public, usgovernment or china',
  timeout: 'SECONDS      the time limit (60)',
  credential: 'KIND      use this credential; repeated: in this order',
  verbose: '             print the log on stderr',
  cache: '               keep tokens on this machine; warn if it cannot',
  'no-cache': '            neither keep tokens on this machine nor use kept ones',
  output: 'FORM          token, json, header, env or status',
  format: 'SHELL         env, env-no-export, powershell, windows-cmd or fish',
  claims: 'JSON          a claims challenge',
  force: '               ask for a new token',
  json: '                JSON, also for errors (on stderr)',
  set: 'NAME=ALIAS       the variable, and what its token is for',
  'server-id': 'ID         the application of the cluster (AKS)',
  context: 'CONTEXT      convert the user of this context only',
  registry: 'URL         the feed',
  write: "               write to the user's npm configuration",
}

/** The meaning of an option in one command, if it differs from the usual one. @type {Record<string, string>} */
const ownMeanings = { 'kubeconfig credential': 'KIND      the credential to log in with, such as azureCli' }

function overview() {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return ['Access tokens of Microsoft Entra ID for shells and tools.', '', `Usage: ${PROGRAM} COMMAND [OPTIONS]`, '', ...rows, '',
    `${PROGRAM} COMMAND --help has the options of each. The login is the`,
    `one that the machine or the environment has; "${PROGRAM} explain" says`, 'which. docker (in ~/.docker/config.json) and git use the same package:', '',
    '  "credHelpers": { "NAME.azurecr.io": "azure-client-token" }',
    '  git config --global credential.https://dev.azure.com.helper azure-client-token', '',
    'Exit codes: 0 done, 1 refused, 2 usage or configuration, 3 no credential,', '4 network or timeout, 70 defect.', ''].join('\n')
}

/** @param {string} name */
function helpOf(name) {
  const { summary, usage, example, options } = commands[name]
  const rows = Object.keys(options).filter((option) => option !== 'help').map((option) => `  --${option} ${ownMeanings[`${name} ${option}`] ?? meanings[option]}`)
  const aliases = /ALIAS/.test(usage) ? ['', ...listed('Aliases: ', require('./aliases').aliases)] : []
  const kinds = name === 'explain' ? ['', ...listed('Kinds: ', require('./login').kindNames)] : []
  return [`${summary[0].toUpperCase()}${summary.slice(1)}.`, '', `Usage: ${PROGRAM} ${`${name} ${usage}`.trim()}`, '', ...rows, ...aliases, ...kinds, '',
    `Example: ${PROGRAM} ${example}`, ''].join('\n')
}

/** @param {string} title @param {string[]} names */
function listed(title, names) {
  return require('./explanation-tree').folded(names.join(', '), title, ' '.repeat(title.length), 80)
}

module.exports = { overview, helpOf }
