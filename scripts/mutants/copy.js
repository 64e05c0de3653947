// @ts-check
'use strict'

const { execFileSync, spawnSync } = require('node:child_process')
const { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs')
const path = require('node:path')

/** What a copy keeps between runs: its compiled crates. */
const KEPT = ['target']

/** In milliseconds. No test of a row takes this long; a test that does not end has detected the mutant. */
const PATIENCE = 4 * 60_000

/**
 * A copy of the checkout in which files are changed, so that an interrupted run leaves no mutant in the checkout. It is
 * always in the same place, so that crates are compiled once.
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
   * Keeps the time of change, so that unchanged files are not compiled again; but Rust's files count as new, because their
   * compiled form may contain the last mutant of an earlier run.
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
   * Runs a command in the copy.
   * @param {string} command
   * @param {string[]} parameters
   * @param {number} [timeout]
   */
  run(command, parameters, timeout = PATIENCE) {
    // Node.js's test runner reports differently if a test runner has started it.
    const env = { ...process.env, CARGO_TARGET_DIR: path.join(this.folder, 'target'), CARGO_PROFILE_DEV_DEBUG: '0', CARGO_PROFILE_TEST_DEBUG: '0', NODE_TEST_CONTEXT: undefined }
    return spawnSync(command, parameters, { cwd: this.folder, env, encoding: 'utf8', timeout, maxBuffer: 256 << 20 })
  }
}

/**
 * Returns the files that git tracks or does not ignore, and the addon. Cargo's configuration is left out: Cargo also reads
 * that of the folders above, and would pass each flag to the compiler twice.
 * @param {string} root
 */
function filesOf(root) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  const built = readdirSync(root).filter((name) => name.endsWith('.node') || name === 'binding.d.ts')
  const sources = listed.split('\0').filter((name) => name !== '' && !name.startsWith('.cargo/'))
  return [...new Set([...sources, ...built])]
}

module.exports = { Copy }
