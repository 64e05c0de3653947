// @ts-check
'use strict'

// Installs the clients of other languages once into .cache/clients, at pinned versions, from their own registries.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')

const run = promisify(execFile)
const cache = path.join(__dirname, '..', '..', '.cache', 'clients')

/** @typedef {{ command: string, parameters: string[] }} Installed */
/** @typedef {{ missing: string }} Missing */

/** @param {string} command @param {string} flag */
async function has(command, flag) {
  return run(command, [flag]).then(() => true, () => false)
}

/** @returns {Promise<Installed | Missing>} */
async function installGoClient() {
  if (!(await has('go', 'version'))) return { missing: 'Go is not installed' }
  const command = path.join(cache, 'go-client')
  fs.mkdirSync(cache, { recursive: true })
  await run('go', ['build', '-o', command, '.'], { cwd: path.join(__dirname, 'go'), timeout: 600_000 })
  return { command, parameters: [] }
}

/** @returns {Promise<Installed | Missing>} */
async function installPythonClient() {
  const python = await virtualEnvironment('python', 'requirements.txt')
  return typeof python === 'string' ? { command: python, parameters: [path.join(__dirname, 'python-token.py')] } : python
}

/**
 * @typedef {Installed & { environment: (emulator: import('../../emulator').Emulator) => Record<string, string>,
 *   endpoints: (emulator: import('../../emulator').Emulator) => string[] }} InstalledAz
 * @returns {Promise<InstalledAz | Missing>}
 */
async function installAz() {
  const python = await virtualEnvironment('az', 'requirements-az.txt')
  if (typeof python !== 'string') return python
  const folder = path.join(cache, 'az-config')
  fs.rmSync(folder, { recursive: true, force: true })
  return {
    command: python,
    parameters: ['-m', 'azure.cli'],
    environment: ({ caFile }) => ({
      PATH: process.env.PATH ?? '',
      AZURE_CONFIG_DIR: folder,
      REQUESTS_CA_BUNDLE: caFile,
      // The public list of clouds does not have the emulator's authority.
      AZURE_CORE_INSTANCE_DISCOVERY: 'false',
      AZURE_CORE_COLLECT_TELEMETRY: 'false',
    }),
    endpoints: ({ authorityHost }) => {
      const origin = authorityHost.slice(0, -1)
      return [
        '--endpoint-active-directory', origin,
        '--endpoint-resource-manager', origin,
        '--endpoint-active-directory-resource-id', 'https://management.azure.com/',
        '--endpoint-active-directory-graph-resource-id', 'https://graph.microsoft.com/',
      ]
    },
  }
}

/**
 * @param {string} name
 * @param {string} requirements
 * @returns {Promise<string | Missing>} its Python
 */
async function virtualEnvironment(name, requirements) {
  if (!(await has('python3', '--version'))) return { missing: 'Python is not installed' }
  const folder = path.join(cache, name)
  const python = path.join(folder, 'bin', 'python')
  const wanted = fs.readFileSync(path.join(__dirname, requirements), 'utf8')
  const mark = path.join(folder, 'installed')
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) return python
  fs.rmSync(folder, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', folder])
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', path.join(__dirname, requirements)], { timeout: 900_000 })
  fs.writeFileSync(mark, wanted)
  return python
}

module.exports = { installAz, installGoClient, installPythonClient }
