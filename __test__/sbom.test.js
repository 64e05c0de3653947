// @ts-check
'use strict'

// A release's bills of materials: complete, the same for the same source, and without data of the machine.

const { after, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { writeAddonSbom, writePackageSbom } = require('../scripts/sbom')

const root = path.join(__dirname, '..')
const triple = /^host: (.+)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))?.[1] ?? ''
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-sbom-'))

after(() => fs.rmSync(folder, { recursive: true, force: true }))

describe('the bill of materials of an addon', { skip: cycloneDxMissing() }, () => {
  const file = path.join(folder, 'addon.cdx.json')
  const text = () => {
    if (!fs.existsSync(file)) writeAddonSbom(triple, file)
    return fs.readFileSync(file, 'utf8')
  }

  test('has each crate that cargo compiles in, with its version and checksum', () => {
    /** @type {{ name: string, version: string, hashes?: object[] }[]} */
    const components = JSON.parse(text()).components
    const listed = components.filter(({ hashes }) => hashes).map(({ name, version }) => `${name} v${version}`)
    assert.deepEqual(cratesOfTheTree().filter((crate) => !listed.includes(crate)), [])
  })

  test('names no folder of this machine', () => {
    for (const place of [root, os.homedir() + path.sep]) assert.ok(!text().includes(place), place)
  })

  test('is the same when it is written again, and leaves nothing in the checkout', () => {
    const again = path.join(folder, 'again.cdx.json')
    writeAddonSbom(triple, again)
    assert.equal(fs.readFileSync(again, 'utf8'), text())
    for (const place of [root, path.join(root, 'crates', 'core')]) {
      assert.deepEqual(fs.readdirSync(place).filter((file) => file.startsWith('sbom-')), [])
    }
  })
})

test('the bill of materials of a package has its name and version, and its dependencies', () => {
  const place = path.join(folder, 'made-up')
  fs.mkdirSync(place)
  fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify({ name: 'made-up', version: '1.2.3', optionalDependencies: { absent: '1.0.0' } }))
  writePackageSbom(place, path.join(folder, 'package.cdx.json'))
  const { bomFormat, components, metadata } = JSON.parse(fs.readFileSync(path.join(folder, 'package.cdx.json'), 'utf8'))
  assert.equal(bomFormat, 'CycloneDX')
  assert.equal(metadata.component.purl, 'pkg:npm/made-up@1.2.3')
  assert.deepEqual(components, [])
})

function cratesOfTheTree() {
  const parameters = ['tree', '--locked', '-e', 'normal', '--prefix', 'none', '--format', '{p}']
  const lines = execFileSync('cargo', parameters, { cwd: root, encoding: 'utf8' }).split('\n')
  const crates = lines.map((line) => line.split(' ').slice(0, 2).join(' '))
  return [...new Set(crates)].filter((crate) => crate && !crate.startsWith('azure-client-token'))
}

function cycloneDxMissing() {
  return spawnSync('cargo', ['cyclonedx', '--version']).status !== 0 && 'cargo-cyclonedx is not installed: .ci/run installs it'
}
