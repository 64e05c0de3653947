// @ts-check
'use strict'

// The packages for both C libraries in one project, as yarn 1 installs them: the package for the machine's C library is loaded.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { TOKEN, makeProject } = require('./project')

/** Makes the program see musl's loader. */
const WITH_MUSL = "const fs = require('node:fs')\nconst { existsSync } = fs\nfs.existsSync = (file) => file.startsWith('/lib/ld-musl-') || existsSync(file)"
/** Also prints which of the packages were loaded. */
const PROGRAM = `globalThis.loaded = []\n${TOKEN['token.cjs'].replace('{ source }))', '{ source, loaded: globalThis.loaded }))')}`

/** @type {import('./project').Project} */
let project
/** @type {string} */
let modules
const names = { gnu: `azure-client-token-linux-${process.arch}-gnu`, musl: `azure-client-token-linux-${process.arch}-musl` }

describe('the packages of two C libraries', { skip: process.platform !== 'linux' && 'other systems have one C library' }, () => {
  before(async () => {
    project = await makeProject()
    modules = path.join(project.folder, 'node_modules')
    project.write('token.cjs', PROGRAM)
    project.write('with-musl.cjs', WITH_MUSL)
    const [installed] = Object.values(names).filter((name) => fs.existsSync(path.join(modules, name)))
    const addon = path.join(project.folder, 'addon.node')
    fs.copyFileSync(require.resolve(path.join(modules, installed)), addon)
    // Each package has this machine's addon, and records that it was loaded.
    for (const [library, name] of Object.entries(names)) put(name, `globalThis.loaded.push('${library}')\nmodule.exports = require(${JSON.stringify(addon)})`)
  })
  after(() => project?.remove())

  test("musl's is loaded if musl's loader exists, even if glibc's could be", async () => {
    assert.deepEqual(await token('--require', './with-musl.cjs'), { source: 'clientSecret', loaded: ['musl'] })
  })

  test("glibc's is loaded elsewhere", { skip: fs.readdirSync('/lib').some((name) => name.startsWith('ld-musl-')) && "musl's loader is installed" }, async () => {
    assert.deepEqual(await token(), { source: 'clientSecret', loaded: ['gnu'] })
  })

  test("glibc's is tried if musl's cannot be loaded", async () => {
    put(names.musl, "globalThis.loaded.push('musl')\nthrow new Error('Error loading shared library')")
    const { source, loaded } = await token('--require', './with-musl.cjs')
    assert.equal(source, 'clientSecret')
    assert.deepEqual([loaded[0], loaded.at(-1)], ['musl', 'gnu'])
  })
})

/** @param {string[]} flags of Node.js */
function token(...flags) {
  return project.run(process.execPath, [...flags, 'token.cjs'])
}

/** @param {string} name @param {string} main */
function put(name, main) {
  const place = path.join(modules, name)
  fs.rmSync(place, { recursive: true, force: true })
  fs.mkdirSync(place)
  fs.writeFileSync(path.join(place, 'index.js'), main)
}
