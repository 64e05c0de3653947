// @ts-check
'use strict'

const { execFileSync, spawnSync } = require('node:child_process')
const { mkdirSync, readdirSync } = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')

/**
 * Runs the fuzzers: `npm run fuzz -- --seconds 60` gives each parser that long, `--parser NAME` runs one of them.
 * Needs cargo-fuzz (`cargo install cargo-fuzz`) and a C++ compiler. An input that breaks a parser is written to
 * `fuzz/artifacts`: give it a name and move it into the parser's folder in `fuzz/corpus`, so that every test run replays it.
 */

const fuzz = path.join(__dirname, '..', 'fuzz')

// An input that takes a second or a hundred megabytes is a finding, even if the parser ends normally.
const LIMITS = ['-timeout=5', '-rss_limit_mb=1024', '-max_len=65536', '-print_final_stats=1']

function main() {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, parser: { type: 'string' } } })
  const parsers = values.parser ? [values.parser] : readdirSync(path.join(fuzz, 'corpus'))
  requireCargoFuzz()
  const broken = parsers.filter((parser) => !run(parser, Number(values.seconds)))
  if (broken.length === 0) return
  console.error(`broken: ${broken.join(', ')}; their inputs are in fuzz/artifacts`)
  process.exitCode = 1
}

function requireCargoFuzz() {
  if (spawnSync('cargo', ['fuzz', '--version']).status === 0) return
  console.error('cargo-fuzz is not installed: run cargo install cargo-fuzz')
  process.exit(1)
}

/**
 * The inputs that a run finds are kept apart from the seeds. The next run starts with them.
 * @param {string} parser
 * @param {number} seconds
 */
function run(parser, seconds) {
  console.log(`\n=== ${parser}, ${seconds} s`)
  const found = path.join(fuzz, 'target', 'found', parser)
  const artifacts = path.join(fuzz, 'artifacts', parser)
  for (const folder of [found, artifacts]) mkdirSync(folder, { recursive: true })
  const engine = [...LIMITS, `-max_total_time=${seconds}`, `-artifact_prefix=${artifacts}/`]
  const command = ['fuzz', 'run', 'parser', found, path.join(fuzz, 'corpus', parser), '--', ...engine]
  try {
    execFileSync('cargo', command, { cwd: path.dirname(fuzz), env: environment(parser), stdio: 'inherit' })
    return true
  } catch {
    return false
  }
}

/**
 * Instrumentation is a nightly feature; the variable enables it in a stable compiler.
 * @param {string} parser
 */
function environment(parser) {
  return { ...process.env, RUSTC_BOOTSTRAP: '1', FUZZ_PARSER: parser }
}

main()
