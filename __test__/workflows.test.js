// @ts-check
'use strict'

// The workflows of GitHub Actions: their permissions, the actions that they use, and that they build every platform. actionlint, a step of
// .ci/run, checks their syntax.

const { describe, test } = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { crossTargets } = require('../scripts/cross/targets')
const manifest = require('../package.json')

const root = path.join(__dirname, '..')
const folder = path.join(root, '.github', 'workflows')
const read = (/** @type {string} */ name) => fs.readFileSync(path.join(folder, name), 'utf8')
const names = fs.readdirSync(folder)

test('there is one for changes and one for releases', () => {
  assert.deepEqual(names.sort(), ['ci.yml', 'release.yml'])
})

for (const name of names) {
  describe(name, () => {
    test('uses each action by the hash of a commit, with its version beside it', () => {
      const uses = read(name).split('\n').filter((line) => line.includes('uses:'))
      assert.ok(uses.length > 0)
      for (const line of uses) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    })

    test('may only do what a job declares', () => {
      const [, granted] = /^permissions:(.*\n(?: {2}.*\n)*)/m.exec(read(name)) ?? []
      assert.ok(granted === ' {}\n' || granted === '\n  contents: read\n', granted)
    })

    test('leaves no token of the checkout behind', () => {
      const count = (/** @type {RegExp} */ pattern) => read(name).match(pattern)?.length
      assert.equal(count(/persist-credentials: false/g), count(/actions\/checkout@/g))
    })

    test('calls scripts that exist', () => {
      const scripts = [...read(name).matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script)
      const files = [...read(name).matchAll(/node (scripts\/\S+)/g)].map(([, file]) => file)
      for (const script of scripts) assert.ok(script in manifest.scripts, script)
      for (const file of files) assert.ok(fs.existsSync(path.join(root, file)), file)
    })
  })
}

describe('a release', () => {
  const built = [...read('release.yml').matchAll(/\{ addon: ([\w-]+), runner: [\w.-]+, triple: ([\w-]+)/g)]

  test('builds every platform of package.json', () => {
    assert.deepEqual(built.map(([, , triple]) => triple).sort(), [...manifest.napi.targets].sort())
  })

  test('builds the platforms of one machine under the same names', () => {
    const addons = built.map(([, addon]) => addon).sort()
    assert.deepEqual(crossTargets.map(({ addon }) => addon).sort(), addons)
  })

  test('publishes with the rights to sign, and builds without them', () => {
    const [building, publishing] = read('release.yml').split(/^ {2}publish:/m)
    assert.doesNotMatch(building, /: write|secrets\./)
    assert.match(publishing, /id-token: write/)
  })
})
