// @ts-check
'use strict'

// What a shell needs to complete commands, options, aliases and kinds of credentials.

const { aliases } = require('./aliases')
const { commands } = require('./commands')
const { UsageError } = require('./failure')
const { kindNames } = require('./login')

/** @type {Record<string, () => string>} */
const shells = { bash, zsh, fish, powershell }

/** The words that each command accepts. @type {Record<string, string[]>} */
const words = {
  token: aliases, explain: aliases, cache: ['status', 'clear', 'path'], kubeconfig: ['convert'], completion: Object.keys(shells),
}

/** The values that options accept. @type {Record<string, string[]>} */
const values = {
  '--output': ['token', 'json', 'header', 'env', 'status'],
  '--format': ['env', 'env-no-export', 'powershell', 'windows-cmd', 'fish'],
  '--cloud': ['public', 'usgovernment', 'china'],
  '--credential': kindNames,
}

/**
 * @param {object} _
 * @param {string[]} words
 */
function main(_, [shell = '']) {
  if (Object.hasOwn(shells, shell)) return shells[shell]()
  throw new UsageError(`There is no completion for this shell. Use one of ${Object.keys(shells).join(', ')}`)
}

/** @param {string} name */
function optionsOf(name) {
  return Object.keys(commands[name].options).map((option) => `--${option}`)
}

/** @param {string} name */
function candidates(name) {
  return [...(words[name] ?? []), ...optionsOf(name)]
}

const commandNames = Object.keys(commands)

function bash() {
  return `${posixFunction('local current=$2 previous=$3 command=${COMP_WORDS[1]}', 'COMPREPLY=($(compgen -W "$found" -- "$current"))', '((COMP_CWORD == 1))')}complete -o default -F _azure_client_token azure-client-token\n`
}

function zsh() {
  const start = 'local current=$words[CURRENT] previous=$words[CURRENT-1] command=$words[2]'
  return `#compdef azure-client-token\n${posixFunction(start, 'compadd -- ${=found}', '((CURRENT == 2))')}compdef _azure_client_token azure-client-token\n`
}

/**
 * @param {string} start
 * @param {string} end
 * @param {string} isFirst
 */
function posixFunction(start, end, isFirst) {
  const byOption = Object.entries(values).map(([option, list]) => `    ${option}) found='${list.join(' ')}' ;;`)
  const byCommand = commandNames.map((name) => `      ${name}) found='${candidates(name).join(' ')}' ;;`)
  return ['_azure_client_token() {', `  ${start}`, "  local found=''", '  case $previous in', ...byOption, '    *)',
    `      if ${isFirst}; then found='${commandNames.join(' ')} --help --version'; else`, '      case $command in', ...byCommand, '      esac; fi ;;', '  esac', `  ${end}`, '}', ''].join('\n')
}

function fish() {
  const complete = 'complete -c azure-client-token'
  const lines = commandNames.flatMap((name) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`
    const forWords = words[name] === undefined ? [] : [`${complete} ${seen} -a '${words[name].join(' ')}'`]
    return [`${complete} -n __fish_use_subcommand -a ${name} -d "${commands[name].summary}"`, ...forWords, ...optionsOf(name).map((option) => `${complete} ${seen} -l ${option.slice(2)}${valuesForFish(option)}`)]
  })
  return [`${complete} -f`, ...lines, ''].join('\n')
}

/** @param {string} option */
function valuesForFish(option) {
  return values[option] === undefined ? '' : ` -x -a '${values[option].join(' ')}'`
}

function powershell() {
  const table = (/** @type {string} */ name, /** @type {[string, string[]][]} */ rows) => [`  $${name} = @{`, ...rows.map(([key, list]) => `    '${key}' = '${list.join(' ')}'`), '  }']
  return ['Register-ArgumentCompleter -Native -CommandName azure-client-token -ScriptBlock {', '  param($current, $line, $position)',
    ...table('values', Object.entries(values)), ...table('commands', commandNames.map((name) => [name, candidates(name)])),
    '  $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })',
    `  $words = if ($values.ContainsKey($before[-1])) { $values[$before[-1]] } elseif ($before.Count -gt 1) { $commands[$before[1]] } else { '${commandNames.join(' ')}' }`,
    '  "$words".Split(" ") | Where-Object { $_ -like "$current*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }', '}', ''].join('\n')
}

module.exports = { main }
