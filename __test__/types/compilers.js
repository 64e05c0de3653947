// @ts-check
'use strict'

// Compiles programs that use each entry with the oldest TypeScript that the types are for, and with the newest. The one of the
// devDependencies has them in tsconfig.json. Both are installed once, into .cache: npm run typecheck.

const { execFile } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')
const { installPinned } = require('../support/pinned')

const run = promisify(execFile)
const PROGRAMS = ['contract.ts', 'identity-contract.ts', 'pulumi-contract.ts', 'redis-contract.ts']
const OPTIONS = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022', '--module', 'node16', '--moduleResolution', 'node16', '--types', 'node', '--skipLibCheck']

/** Each compiler, and what it is given besides. @type {Record<string, string[]>} */
const COMPILERS = {
  oldest: [],
  // Else it complains of a tsconfig.json that it is not to read.
  newest: ['--ignoreConfig', 'excess-options.ts'],
}

async function main() {
  const modules = path.join(await installPinned('typescript'), 'node_modules')
  const outcomes = await Promise.all(Object.entries(COMPILERS).map(([name, more]) => compile(path.join(modules, name), more)))
  for (const outcome of outcomes) console.log(outcome)
}

/**
 * @param {string} compiler
 * @param {string[]} more
 */
async function compile(compiler, more) {
  const { version } = require(path.join(compiler, 'package.json'))
  try {
    await run(process.execPath, [path.join(compiler, 'bin', 'tsc'), ...OPTIONS, ...more, ...PROGRAMS], { cwd: __dirname })
  } catch (error) {
    process.exitCode = 1
    return `TypeScript ${version}:\n${/** @type {{ stdout?: string }} */ (error).stdout || error}`
  }
  return `TypeScript ${version} compiles ${PROGRAMS.join(', ')}`
}

main()
