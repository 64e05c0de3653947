// @ts-check
'use strict'

// Makes the users of a kubeconfig that run kubelogin, or use kubectl's old provider `azure`, run this program.

const fs = require('node:fs')
const path = require('node:path')
const { isMap, isSeq, parseDocument } = require('./yaml')
const { ExitError, UsageError } = require('./failure')
const { realPlace, replaceFile, textOfFile } = require('./files')
const { convertedUser } = require('./kubeconfig-user')
const { kindOf } = require('./login')
const { notify } = require('./streams')

/**
 * @typedef {import('yaml').Document} Document
 * @typedef {{ only?: string, kind?: string }} Wanted the one user's name, and the kind of credential that is to log in
 * @typedef {{ converted: string[], left: string[] }} Outcome the names of users, and sentences about those that stay
 */

/**
 * What kubectl needs from Kubernetes 1.35 on if its kuberc lists the plug-ins that it may run. The member's name was `name`
 * in 1.35, and is `command` since. Source: https://kubernetes.io/docs/reference/kubectl/kuberc/
 */
const ALLOW_LIST = 'Where your kuberc has credentialPluginPolicy: Allowlist, add to its credentialPluginAllowlist: "- command: azure-client-token" (kubectl 1.35: "- name: azure-client-token").\n'

/**
 * @param {{ context?: string, credential?: string }} options
 * @param {string[]} words
 */
function main({ context, credential }, [action]) {
  if (action !== 'convert') throw new UsageError('kubeconfig needs an action. Use kubeconfig convert')
  const files = kubeconfigs().map((file) => ({ file, document: documentOf(file) }))
  if (files.length === 0) throw new ExitError('There is no kubeconfig. Set KUBECONFIG, or make ~/.kube/config first', 2)
  const only = context === undefined ? undefined : userOfContext(files.map(({ document }) => document), context)
  const kind = credential === undefined ? undefined : kindOf(credential)
  const outcomes = files.map(({ file, document }) => convertFile(file, document, { only, kind }))
  const isAnyLeft = outcomes.some(({ left }) => left.length > 0)
  if (outcomes.some(({ converted }) => converted.length > 0)) notify(ALLOW_LIST)
  else if (!isAnyLeft) notify('No user was converted: none runs kubelogin or has the provider azure. See kubectl config view.\n')
  return { text: '', code: isAnyLeft ? 2 : 0 }
}

/** Returns the files that kubectl reads and that exist. */
function kubeconfigs() {
  const named = (process.env.KUBECONFIG ?? '').split(path.delimiter).filter(Boolean)
  const all = named.length > 0 ? named : [path.join(require('node:os').homedir(), '.kube', 'config')]
  return [...new Set(all)].filter((file) => fs.existsSync(file))
}

/** @param {string} file */
function documentOf(file) {
  const document = parseDocument(readable(file), { keepSourceTokens: true })
  if (document.errors.length === 0 && isMap(document.contents)) return document
  throw new ExitError(`${shownFile(file)} is not a valid kubeconfig. Check it with kubectl config view`, 2)
}

/** @param {string} file */
function readable(file) {
  try {
    return textOfFile(file)
  } catch (error) {
    throw new ExitError(`${shownFile(file)} cannot be read (${/** @type {NodeJS.ErrnoException} */ (error).code}). Check who owns it`, 2)
  }
}

/**
 * @param {Document[]} documents
 * @param {string} context
 */
function userOfContext(documents, context) {
  const users = documents.flatMap((document) => entries(document, 'contexts').filter((entry) => entry.get('name') === context).map((entry) => entry.getIn(['context', 'user'])))
  if (users.length === 0) throw new UsageError('--context names no context of the kubeconfig. See kubectl config get-contexts')
  return String(users[0])
}

/**
 * Returns the entries of a list that are written out there, and not as an alias.
 * @param {Document} document
 * @param {string} list
 */
function entries(document, list) {
  const node = document.get(list)
  return isSeq(node) ? node.items.filter(isMap) : []
}

/**
 * @param {string} file
 * @param {Document} document
 * @param {Wanted} wanted
 * @returns {Outcome}
 */
function convertFile(file, document, { only, kind }) {
  /** @type {Outcome} */
  const outcome = { converted: [], left: [] }
  for (const entry of entries(document, 'users')) if (only === undefined || entry.get('name') === only) convertEntry(document, entry, kind, outcome)
  for (const sentence of outcome.left) notify(`${sentence}\n`)
  if (outcome.converted.length > 0) save(file, document, outcome.converted)
  return outcome
}

/**
 * @param {Document} document
 * @param {import('yaml').YAMLMap} entry
 * @param {string | undefined} kind
 * @param {Outcome} outcome
 */
function convertEntry(document, entry, kind, outcome) {
  const name = shown('its name', String(entry.get('name')))
  const user = entry.get('user')
  if (!isMap(user)) return
  const converted = convertedUser(plain(user, document), kind)
  if (converted === undefined) return
  if ('reason' in converted) return void outcome.left.push(`The user ${name} is unchanged: ${converted.reason}.`)
  user.delete('auth-provider')
  for (const [key, value] of Object.entries(converted.exec)) user.setIn(['exec', key], document.createNode(value))
  outcome.converted.push(name)
}

/**
 * Converts the document to an object. Aliases of aliases could make one without end: then the library throws.
 * @param {import('yaml').YAMLMap} user
 * @param {Document} document
 */
function plain(user, document) {
  try {
    return user.toJS(document)
  } catch {
    throw new ExitError('The aliases of the kubeconfig cannot be resolved. Check it with kubectl config view', 2)
  }
}

/**
 * @param {string} file
 * @param {Document} document
 * @param {string[]} names
 */
function save(file, document, names) {
  const place = realPlace(file)
  try {
    const before = fs.readFileSync(place)
    fs.writeFileSync(`${place}.bak-azure-client-token`, before, { mode: 0o600, flag: 'wx' })
    // The format of kubectl and az: the entries of a list stand below its name.
    replaceFile(place, document.toString({ lineWidth: 0, indentSeq: !/^users:\s*\n-/m.test(String(before)) }))
  } catch (error) {
    throw notSaved(place, /** @type {NodeJS.ErrnoException} */ (error))
  }
  const shown = shownFile(place)
  notify(`${shown}: converted ${names.join(', ')}; the original file is ${shown}.bak-azure-client-token.\n`)
}

/** @param {string} place @param {NodeJS.ErrnoException} error */
function notSaved(place, { code }) {
  const file = shownFile(place)
  if (code === 'EEXIST') return new ExitError(`${file}.bak-azure-client-token exists from an earlier conversion. Move it away, and convert again`, 2)
  return new ExitError(`${file} cannot be written (${code}). Check who owns it and its folder`, 2)
}

/** @param {string} file a path, or what stands in the place of one */
function shownFile(file) {
  return shown('KUBECONFIG', file)
}

/**
 * Returns the text on one line, without what a terminal would execute, and without secrets: names in other programs' files
 * may be any text.
 * @param {string} name
 * @param {string} value
 */
function shown(name, value) {
  return require('../binding').binding().shownValue(name, value)
}

module.exports = { main }
