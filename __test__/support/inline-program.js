// @ts-check
'use strict'

// The SDK's declarations do not have these modules.
const { LanguageServer } = /** @type {any} */ (require('@pulumi/pulumi/automation/server'))
const languageProto = require('@pulumi/pulumi/proto/language_pb')

/** @typedef {import('./pulumi-engine').PulumiEngine} PulumiEngine */

/**
 * Runs a program in this process, with the host that the Automation API uses for inline programs: each run has its own async-local store,
 * so that several can run at once.
 * @param {PulumiEngine} engine
 * @param {() => Promise<Record<string, unknown> | void>} program returns the stack's outputs
 * @param {Record<string, string>} [config] the stack's configuration, with full keys
 */
function runInline(engine, program, config = {}) {
  const host = new LanguageServer(program)
  return new Promise((resolve, reject) => {
    const answer = (/** @type {Error | undefined} */ error) => (error ? reject(error) : resolve(engine.record))
    host.run({ request: runRequest(engine, config) }, answer)
  })
}

/**
 * @param {PulumiEngine} engine
 * @param {Record<string, string>} config
 */
function runRequest({ address, preview, project, stack }, config) {
  const request = new languageProto.RunRequest()
  request.setProject(project)
  request.setStack(stack)
  request.setMonitorAddress(address)
  request.setArgsList([address])
  request.setDryrun(preview)
  request.setParallel(16)
  for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value)
  return request
}

module.exports = { runInline }
