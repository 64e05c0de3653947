// @ts-check
'use strict'

// The declarations with the versions of TypeScript that users have, each with every module resolution that it supports: strict, with the
// declarations themselves checked, and without the types of Node.js or a browser.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { installPinned } = require('../support/pinned')
const { makeProject } = require('./project')

const run = promisify(execFile)

/** In the syntax of the oldest compiler. */
const PROGRAM = `
import { ClientTokenCredential, ClientTokenError, GetClientTokenResult, clearCache, explain, getClientToken } from 'azure-client-token'

export async function main(): Promise<string> {
  const result: GetClientTokenResult = await getClientToken({ endpoint: 'https://vault.azure.net' }, { timeout: 5000, tenantId: 't' })
  const explanation = await explain({}, { scopes: ['https://vault.azure.net/.default'] })
  const credential = new ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'workloadIdentity' }, { credential: 'managedIdentity', clientId: 'c' }] })
  const { expiresOnTimestamp } = await credential.getToken(['https://vault.azure.net/.default'])
  clearCache()
  return result.token + explanation.source + expiresOnTimestamp + (new Error() instanceof ClientTokenError)
}
`
const IMPORTS = {
  'namespace.ts': "import * as tokens from 'azure-client-token'\nexport const call: () => Promise<{ token: string }> = tokens.getClientToken\n",
  'required.ts': "import tokens = require('azure-client-token')\nexport const call: () => Promise<{ token: string }> = tokens.getClientToken\n",
}
/** Programs that the compiler must reject. */
const MISTAKES = {
  'no secret': "new ClientTokenCredential({ credential: 'clientSecret', tenantId: 't', clientId: 'c' })",
  'an unknown kind': "new ClientTokenCredential({ credential: 'password' })",
  'two identities': "new ClientTokenCredential({ credential: 'managedIdentity', clientId: 'c', objectId: 'o' })",
  'a number as an endpoint': 'getClientToken({ endpoint: 1 })',
}

/** The module resolutions that each compiler supports, with its name for the oldest. @type {Record<string, string[]>} */
const COMPILERS = {
  '3.8.3': ['node'],
  '4.5.5': ['node'],
  '4.7.4': ['node', 'node16', 'nodenext'],
  '4.9.5': ['node', 'node16', 'nodenext'],
  '5.0.4': ['node', 'node16', 'nodenext', 'bundler'],
  '5.2.2': ['node', 'node16', 'nodenext', 'bundler'],
  '5.4.5': ['node', 'node16', 'nodenext', 'bundler'],
  '5.6.3': ['node', 'node16', 'nodenext', 'bundler'],
  '5.8.3': ['node', 'node16', 'nodenext', 'bundler'],
  '5.9.3': ['node', 'node16', 'nodenext', 'bundler'],
  '6.0.3': ['node10', 'node16', 'nodenext', 'bundler'],
  '7.0.2': ['node16', 'nodenext', 'bundler'],
}

/** @type {import('./project').Project} */
let project
/** @type {string} */
let modules

describe('the declarations', () => {
  before(async () => {
    project = await makeProject()
    modules = path.join(await installPinned('set-ups/compilers'), 'node_modules')
    for (const [name, text] of Object.entries({ ...IMPORTS, 'program.ts': PROGRAM })) project.write(name, text)
    for (const [name, call] of Object.entries(MISTAKES)) project.write(mistakeFile(name), `import { ClientTokenCredential, getClientToken } from 'azure-client-token'\nexport const made = ${call}\n`)
  })
  after(() => project?.remove())

  for (const [version, ways] of Object.entries(COMPILERS)) {
    for (const way of ways) {
      test(`TypeScript ${version}, ${way}: programs compile, and mistakes do not`, async () => {
        const right = ['program.ts', 'namespace.ts', ...(way === 'bundler' ? [] : ['required.ts'])]
        assert.deepEqual(await complaints(version, way, right), [])
        const mistaken = await complaints(version, way, Object.keys(MISTAKES).map(mistakeFile))
        for (const name of Object.keys(MISTAKES)) assert.ok(mistaken.some((line) => line.startsWith(mistakeFile(name))), `the compiler accepts ${name}`)
      })
    }
  }
})

/** @param {string} name */
function mistakeFile(name) {
  return `mistake-${name.replaceAll(' ', '-')}.ts`
}

/**
 * @param {string} version
 * @param {string} way
 * @param {string[]} files
 * @returns {Promise<string[]>} the lines of the compiler's output that name an error
 */
async function complaints(version, way, files) {
  const place = path.join(modules, `typescript-${version}`)
  const configuration = project.write(`tsconfig-${version}-${way}.json`, JSON.stringify({ compilerOptions: options(version, way), files }))
  try {
    await run(process.execPath, [path.join(place, 'bin', 'tsc'), '--project', configuration, '--pretty', 'false'], { cwd: project.folder })
    return []
  } catch (error) {
    const { stdout } = /** @type {{ stdout?: string }} */ (error)
    if (!stdout) throw error
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  } finally {
    fs.rmSync(configuration)
  }
}

/**
 * @param {string} version
 * @param {string} way
 */
function options(version, way) {
  const [major, minor] = version.split('.').map(Number)
  return {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    isolatedModules: true,
    target: 'es2020',
    lib: ['es2020'],
    types: [],
    module: way === 'node16' || way === 'nodenext' ? way : way === 'bundler' ? 'esnext' : 'commonjs',
    moduleResolution: way,
    ...((major > 4 || (major === 4 && minor >= 5)) && { exactOptionalPropertyTypes: true }),
    ...(major === 6 && way === 'node10' && { ignoreDeprecations: '6.0' }),
  }
}
