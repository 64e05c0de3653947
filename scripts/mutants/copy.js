// @ts-check
'use strict'

const { execFileSync, spawnSync } = require('node:child_process')
const { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs')
const path = require('node:path')

/** What a copy keeps from one run to the next: its compiled crates. */
const KEPT = ['target']

/** In milliseconds; no test of a row takes as long. One that does not end has noticed the mutant. */
const PATIENCE = 4 * 60_000

/**
 * A copy of the checkout, in which files are changed: a run that is interrupted leaves no mutant in the checkout. It has
 * always the same place, so that crates are compiled once.
 */
class Copy {
  /** @param {string} root */
  constructor(root) {
    this.folder = path.join(root, 'target', 'mutants', 'checkout')
    mkdirSync(this.folder, { recursive: true })
    for (const name of readdirSync(this.folder)) if (!KEPT.includes(name)) rmSync(path.join(this.folder, name), { recursive: true })
    for (const name of filesOf(root)) this.#take(root, name)
    symlinkSync(path.join(root, 'node_modules'), path.join(this.folder, 'node_modules'), 'junction')
  }

  /**
   * With its time of change, so that what has not changed is not compiled again; but Rust's files as new ones, since what is
   * compiled of them may be the last mutant of an earlier run.
   * @param {string} root
   * @param {string} name
   */
  #take(root, name) {
    const from = path.join(root, name)
    if (existsSync(from)) cpSync(from, path.join(this.folder, name), { preserveTimestamps: !name.endsWith('.rs') })
  }

  /** @param {string} file */
  read(file) {
    return readFileSync(path.join(this.folder, file), 'utf8')
  }

  /**
   * @param {string} file
   * @param {string} text
   */
  write(file, text) {
    writeFileSync(path.join(this.folder, file), text)
  }

  /**
   * Runs a command in it.
   * @param {string} command
   * @param {string[]} parameters
   * @param {number} [timeout]
   */
  run(command, parameters, timeout = PATIENCE) {
    // Node.js's test runner reports otherwise where a test runner has started it.
    const env = { ...process.env, CARGO_TARGET_DIR: path.join(this.folder, 'target'), CARGO_PROFILE_DEV_DEBUG: '0', CARGO_PROFILE_TEST_DEBUG: '0', NODE_TEST_CONTEXT: undefined }
    return spawnSync(command, parameters, { cwd: this.folder, env, encoding: 'utf8', timeout, maxBuffer: 256 << 20 })
  }
}

/**
 * What git tracks, what it does not ignore, and the addon. Cargo's configuration stays behind: Cargo reads that of the folders
 * above as well, and would give the compiler each flag twice.
 * @param {string} root
 */
function filesOf(root) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  const built = readdirSync(root).filter((name) => name.endsWith('.node') || name === 'binding.d.ts')
  const sources = listed.split('\0').filter((name) => name !== '' && !name.startsWith('.cargo/'))
  return [...new Set([...sources, ...built])]
}

module.exports = { Copy }
