// @ts-check
'use strict'

// An explanation for the user: which credentials were considered and tried, with which outcome, and which command to run
// next.

/**
 * @typedef {import('../../index').Explanation} Explanation
 * @typedef {import('../../index').ConsideredSource} Considered
 * @typedef {import('../../index').SeenSetting} Setting
 * @typedef {{ text: string, mark: string, inner: string[], children?: Node[] }} Node
 */

/** @type {Record<string, string>} */
const decisions = { chosen: 'chosen', overruled: 'available, but an earlier one is chosen', notConfigured: 'not configured', incomplete: 'incomplete' }

/** @type {Record<string, string>} */
const outcomes = { used: 'gave the token', failed: 'failed', unavailable: 'not available' }

/** The marks of success, of failure, and of everything else. @type {Record<string, string>} */
const marks = { chosen: '✓', used: '✓', failed: '✗', incomplete: '✗' }

/** @type {Record<string, number>} */
const colours = { '✓': 32, '✗': 31, '·': 90 }

/** The command that makes a source available. @type {Record<string, string>} */
const nextSteps = {
  azureCli: 'az login', azureDeveloperCli: 'azd auth login', azurePowerShell: 'Connect-AzAccount',
}

/**
 * @param {Explanation} explanation
 * @param {number} width of the terminal, in columns
 * @param {boolean} isColoured
 */
function treeOf(explanation, width, isColoured) {
  const paint = (/** @type {string} */ mark) => (isColoured ? `\x1b[${colours[mark]}m${mark}\x1b[0m` : mark)
  const room = Math.max(30, width)
  const scope = explanation.scopes.length > 0 ? `Token for ${explanation.scopes.join(' ')}` : 'Token'
  return [
    ...folded(scope, '', '', room),
    ...section(isNamedChain(explanation.considered) ? 'In this order' : 'Considered', consideredNodes(explanation.considered), room, paint),
    ...section('Tried', explanation.attempts.map(attemptNode), room, paint),
    ...section('Other settings seen', explanation.settings.map((setting) => ({ text: settingText(setting), mark: '·', inner: [] })), room, paint),
    '',
    ...conclusion(explanation, room, paint),
  ].map((line) => `${line.trimEnd()}\n`).join('')
}

/** The members of the default chain follow it. @param {readonly Considered[]} considered @returns {Node[]} */
function consideredNodes(considered) {
  if (isNamedChain(considered)) return considered.map(memberNode)
  const at = considered.findIndex(isChosenChain)
  if (at < 0) return considered.map(consideredNode)
  const chain = consideredNode(considered[at])
  return [...considered.slice(0, at).map(consideredNode), { ...chain, text: `${chain.text}; it tries in this order`, children: considered.slice(at + 1).map(memberNode) }]
}

/**
 * In a chain that the program named, each member is chosen, and there are no other sources.
 * @param {readonly Considered[]} considered
 */
function isNamedChain(considered) {
  return considered.length > 1 && considered.every(({ source, decision }) => source !== 'chain' && decision === 'chosen')
}

/** @param {Considered} considered */
function isChosenChain({ source, decision }) {
  return source === 'chain' && decision === 'chosen'
}

/** The outcome of a member is shown where its attempt is. @param {Considered} member @returns {Node} */
function memberNode(member) {
  const node = consideredNode(member)
  return member.decision === 'chosen' ? { ...node, text: nameOf(member.source), mark: '·' } : node
}

/** @param {Considered} considered @returns {Node} */
function consideredNode({ source, decision, settings, error }) {
  const seen = settings.length > 0 ? [`seen: ${settings.map(settingText).join(', ')}`] : []
  return { text: `${nameOf(source)}: ${decisions[decision]}`, mark: marks[decision] ?? '·', inner: [...seen, ...(error ? [error.message] : [])] }
}

/** A chain that the program did not create itself is the default one. @param {string} source */
function nameOf(source) {
  return source === 'chain' ? 'default chain' : source
}

/** @param {import('../../index').Attempt} attempt @returns {Node} */
function attemptNode({ source, outcome, reason, milliseconds }) {
  return { text: `${source}: ${outcomes[outcome]}, ${Math.round(milliseconds)} ms`, mark: marks[outcome] ?? '·', inner: reason ? [reason] : [] }
}

/** @param {Setting} setting */
function settingText({ name, suppliedBy }) {
  // The position shows which member's option it is.
  return suppliedBy === 'environment' ? name : `${name.replace(/^chain\[\d+\]\./, '')} (${suppliedBy})`
}

/**
 * @param {string} title
 * @param {Node[]} nodes
 * @param {number} width
 * @param {(mark: string) => string} paint
 */
function section(title, nodes, width, paint) {
  if (nodes.length === 0) return []
  return [title, ...nodes.flatMap((node, index) => branch(node, index === nodes.length - 1, width, paint))]
}

/**
 * @param {Node} node
 * @param {boolean} isLast
 * @param {number} width
 * @param {(mark: string) => string} paint
 * @param {string} [before] the stems of those above it
 * @returns {string[]}
 */
function branch({ text, mark, inner, children = [] }, isLast, width, paint, before = '') {
  const stem = `${before}${isLast ? '   ' : '│  '}`
  const [head, ...rest] = folded(text, `${before}${isLast ? '└─' : '├─'} ${mark} `, `${stem}  `, width)
  return [head.replace(mark, () => paint(mark)), ...rest, ...inner.flatMap((line) => folded(line, `${stem}  `, `${stem}  `, width)),
    ...children.flatMap((child, index) => branch(child, index === children.length - 1, width, paint, stem))]
}

/**
 * @param {Explanation} explanation
 * @param {number} width
 * @param {(mark: string) => string} paint
 */
function conclusion(explanation, width, paint) {
  const { source, cachedIn, error, attempts } = explanation
  const text = error ? `${error.code}: ${failureText(error.message, attempts)}` : `The token comes from ${source}${cachedIn === 'machine' ? ', and was kept in the store of this machine' : ''}.`
  const [head, ...rest] = folded(text, `${error ? '✗' : '✓'} `, '  ', width)
  const mark = error ? '✗' : '✓'
  return [head.replace(mark, () => paint(mark)), ...rest, ...(error ? nextLines(attempts) : [])]
}

/**
 * If a tool is installed, the next steps omit tools that are not.
 * @param {Explanation['attempts']} attempts
 */
function nextLines(attempts) {
  const tools = attempts.filter(({ source }) => nextSteps[source] !== undefined)
  const installed = tools.filter(({ reason }) => !/ is not installed: /.test(reason ?? ''))
  const steps = [...new Set((installed.length > 0 ? installed : tools).map(({ source }) => `  ${nextSteps[source]}`))]
  return steps.length > 0 ? ['', steps.length > 1 ? 'Next, run one of' : 'Next, run', ...steps] : []
}

/**
 * The message is omitted if it has no reasons except those shown above.
 * @param {string} message
 * @param {Explanation['attempts']} attempts
 */
function failureText(message, attempts) {
  const isInMessage = attempts.length > 0 && attempts.every(({ reason }) => reason !== undefined && message.includes(reason))
  if (!isInMessage) return message
  return attempts.length === 1 ? 'there is no token, for the reason above.' : 'there is no token, for the reasons above.'
}

/**
 * Breaks text at spaces into lines of at most this width. A longer word is a line of its own.
 * @param {string} text
 * @param {string} first what stands before the first line
 * @param {string} others what stands before the others
 * @param {number} width
 */
function folded(text, first, others, width) {
  const lines = []
  let line = first
  let isEmpty = true
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = others
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}

module.exports = { folded, treeOf }
