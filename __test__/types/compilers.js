// @ts-check
'use strict'

// Compiles programs that use each entry with the oldest TypeScript that the types support, and with the newest. tsconfig.json compiles them
// with the TypeScript of the devDependencies. The script installs both once, into .cache: npm run typecheck.

const { execFile } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')
const { installPinned } = require('../support/pinned')

const run = promisify(execFile)

/** Each compiler, and the configuration that names its programs. @type {Record<string, string>} */
const COMPILERS = { oldest: 'tsconfig.json', newest: 'tsconfig.newest.json' }

async function main() {
  const modules = path.join(await installPinned('typescript'), 'node_modules')
  const outcomes = await Promise.all(Object.entries(COMPILERS).map(([name, project]) => compile(path.join(modules, name), project)))
  for (const outcome of outcomes) console.log(outcome)
}

/**
 * @param {string} compiler
 * @param {string} project
 */
async function compile(compiler, project) {
  const { version } = require(path.join(compiler, 'package.json'))
  const { include } = require(path.join(__dirname, project))
  try {
    await run(process.execPath, [path.join(compiler, 'bin', 'tsc'), '--project', project], { cwd: __dirname })
  } catch (error) {
    process.exitCode = 1
    return `TypeScript ${version}:\n${/** @type {{ stdout?: string }} */ (error).stdout || error}`
  }
  return `TypeScript ${version} compiles ${include.join(', ')} of __test__/types`
}

main()
