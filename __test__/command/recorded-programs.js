// @ts-check
'use strict'

// This package's programs as npm installs them. A script before each of them records its input and its output, byte for byte.

const fs = require('node:fs')
const path = require('node:path')
const { fileOf } = require('../support/command')
const { bin } = require('../../package.json')

/** @typedef {{ program: string, words: string, input: string, stdout: string, stderr: string, code: number, info?: string }} Call `info`: kubectl's KUBERNETES_EXEC_INFO */

/** @param {string} folder */
function installRecorded(folder) {
  const [programs, records] = ['bin', 'records'].map((name) => path.join(folder, name))
  for (const place of [programs, records]) fs.mkdirSync(place)
  for (const name of Object.keys(bin)) fs.writeFileSync(path.join(programs, name), scriptOf(name, records), { mode: 0o755 })
  return { bin: programs, taken: () => taken(records) }
}

/** @param {string} name @param {string} records */
function scriptOf(name, records) {
  return ['#!/bin/sh', `call=${records}/$(date +%s%N)`, 'mkdir "$call"', `printf %s ${name} > "$call/program"`, 'printf %s "$*" > "$call/words"', 'cat > "$call/input"', 'printf %s "$KUBERNETES_EXEC_INFO" > "$call/info"',
    `'${process.execPath}' '${fileOf(name)}' "$@" < "$call/input" > "$call/stdout" 2> "$call/stderr"`, 'code=$?', 'printf %s "$code" > "$call/code"',
    'cat "$call/stdout"', 'cat "$call/stderr" >&2', 'exit "$code"', ''].join('\n')
}

/** The calls since the last look, in order. @param {string} records @returns {Call[]} */
function taken(records) {
  return fs.readdirSync(records).sort().map((name) => {
    const text = (/** @type {string} */ part) => fs.readFileSync(path.join(records, name, part), 'utf8')
    const call = { program: text('program'), words: text('words'), input: text('input'), stdout: text('stdout'), stderr: text('stderr'), code: Number(text('code')) }
    const info = text('info')
    fs.rmSync(path.join(records, name), { recursive: true })
    return info === '' ? call : { ...call, info }
  })
}

module.exports = { installRecorded }
