// @ts-check
'use strict'

// A new clone stays clean: npm accepts the lock files on every platform, and an installation changes no file. A step of .ci/run checks that
// `git status` is empty after the set-up and the demo, because it runs both.

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFile, execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { npmInvocation } = require('../scripts/npm')

const run = promisify(execFile)
const root = path.join(__dirname, '..')
const locks = execFileSync('git', ['ls-files', '--', '*package-lock.json'], { cwd: root, encoding: 'utf8' }).trim().split('\n')

test('there are lock files to check', () => {
  assert.ok(locks.includes('package-lock.json'))
  assert.ok(locks.includes('bench/package-lock.json'))
})

for (const lock of locks) {
  describe(lock, () => {
    /** @type {string} */
    let folder
    before(() => {
      folder = copyOf(path.dirname(lock))
    })
    after(() => fs.rmSync(folder, { recursive: true, force: true }))

    test('has every dependency that a package in it names, of all platforms', () => {
      const { packages } = JSON.parse(fs.readFileSync(path.join(root, lock), 'utf8'))
      assert.deepEqual(missingFrom(packages), [])
    })

    // Without a registry and a cache, so that npm fails if the lock file lacks a package.
    test('`npm ci` takes it', async () => {
      await npm(['ci', '--dry-run'], folder)
    })

    test('`npm install` leaves it unchanged', async () => {
      await npm(['install', '--package-lock-only'], folder)
      const left = fs.readFileSync(path.join(folder, 'package-lock.json'), 'utf8')
      assert.equal(left, fs.readFileSync(path.join(root, lock), 'utf8'))
    })
  })
}

test('a lock file that lacks a package of another platform is found', () => {
  const names = { optionalDependencies: { 'addon-linux': '1.0.0', 'addon-darwin': '1.0.0' } }
  const packages = { 'node_modules/addon': names, 'node_modules/addon/node_modules/addon-linux': {} }
  assert.deepEqual(missingFrom(packages), ['node_modules/addon needs addon-darwin'])
})

/**
 * @typedef {object} Locked
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/** @param {Record<string, Locked>} packages by path, as in a lock file */
function missingFrom(packages) {
  return Object.entries(packages).flatMap(([place, { dependencies, devDependencies, optionalDependencies }]) => {
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
    return names.filter((name) => !isFound(packages, place, name)).map((name) => `${place} needs ${name}`)
  })
}

/**
 * As Node.js resolves it: in the package's own node_modules, then in the one of each parent folder.
 * @param {Record<string, Locked>} packages
 * @param {string} place
 * @param {string} name
 * @returns {boolean}
 */
function isFound(packages, place, name) {
  if (path.posix.join(place, 'node_modules', name) in packages) return true
  return place !== '' && isFound(packages, above(place), name)
}

/** @param {string} place */
function above(place) {
  return place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))
}

/** @param {string} place relative to the root */
function copyOf(place) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-lock-'))
  for (const file of ['package.json', 'package-lock.json']) fs.cpSync(path.join(root, place, file), path.join(folder, file))
  fs.cpSync(path.join(root, '.npmrc'), path.join(folder, '.npmrc'))
  return folder
}

/**
 * @param {string[]} words
 * @param {string} folder
 */
async function npm(words, folder) {
  const alone = ['--offline', '--ignore-scripts', '--cache', path.join(folder, '.npm')]
  const { command, parameters, shell } = npmInvocation([...words, ...alone])
  await run(command, parameters, { cwd: folder, shell })
}
