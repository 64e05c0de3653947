// @ts-check
'use strict'

const { execFile } = require('node:child_process')
const path = require('node:path')
const { bareEnvironment } = require('./environment')

/** @typedef {import('./pulumi-engine').PulumiEngine} PulumiEngine */
/** @typedef {{ code: number | null, output: string }} ProgramEnd */

/** The time limit of a run; a program takes a few seconds, its compiler included. */
const longestRun = 120_000

/**
 * Runs a program as `pulumi up` and `pulumi preview` do: with the SDK's own runner, against an engine.
 * @param {object} run
 * @param {string} run.workspace a folder with the SDK in its node_modules
 * @param {string} run.folder the folder with the program
 * @param {PulumiEngine} run.engine
 * @param {Record<string, string>} [run.config] the stack's configuration, with full keys
 * @param {string[]} [run.secretKeys] the keys whose values are secret
 * @param {Record<string, string>} [run.environment]
 * @param {string} [run.node] the Node.js that runs it
 * @returns {Promise<ProgramEnd>}
 */
function runProgram({ workspace, folder, engine, config = {}, secretKeys = [], environment = {}, node }) {
  const runner = path.join(workspace, 'node_modules', '@pulumi', 'pulumi', 'cmd', 'run')
  const env = loopbackOnly({
    HOME: workspace,
    PULUMI_NODEJS_TYPESCRIPT: 'true',
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    ...environment
  })
  return execute([runner, ...runnerFlags(engine, folder), '.'], { cwd: folder, env }, node)
}

/**
 * @param {PulumiEngine} engine
 * @param {string} folder
 */
function runnerFlags({ address, project, stack, preview }, folder) {
  const flags = { monitor: address, engine: address, project, stack, organization: 'o', 'dry-run': String(preview), pwd: folder }
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
}

/**
 * An environment in which no request leaves the machine: all requests except those to loopback use a proxy that does not exist.
 * @param {Record<string, string>} settings
 */
function loopbackOnly(settings) {
  const nowhere = 'http://127.0.0.1:9'
  return bareEnvironment({ HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, NO_PROXY: 'localhost,127.0.0.1,::1', ...settings })
}

/**
 * Runs Node.js and waits for its end, with any exit code.
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @param {string} [node]
 * @returns {Promise<ProgramEnd>}
 */
function execute(args, options, node = process.execPath) {
  return new Promise((resolve) => {
    const child = execFile(node, args, { ...options, timeout: longestRun }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr })
    })
  })
}

module.exports = { execute, loopbackOnly, runProgram }
