// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')
const { join } = require('node:path')

/**
 * Builds an example of the core, which runs a step that the package does not export on its own. For a quick run it uses the profile of the
 * tests, otherwise the addon's.
 *
 * @param {string} name
 * @param {boolean} quick
 * @returns {string} its path
 */
function builtExample(name, quick) {
  const profile = quick ? [] : ['--release']
  const options = ['--locked', '--package', 'azure-client-token-core', '--example', name, '--message-format', 'json']
  const messages = execFileSync('cargo', ['build', ...options, ...profile], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const artifacts = messages.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  const built = artifacts.find(({ executable, target }) => executable && target.name === name)
  if (!built) throw new Error(`cargo has not built the example ${name}`)
  return built.executable
}

/**
 * The number that it prints.
 *
 * @param {string} path
 * @param {unknown[]} args
 */
function numberOf(path, ...args) {
  return Number(execFileSync(path, args.map(String), { encoding: 'utf8' }))
}

module.exports = { builtExample, numberOf }
