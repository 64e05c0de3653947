// @ts-check
'use strict'

// The packed package in a project that is mounted read-only, as container images often are.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { after, before, describe, test } = require('node:test')
const { TOKEN, makeProject } = require('./project')

/** Mounts the project's folder read-only over itself, checks that it is read-only, and runs the program. */
const READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && ! touch "$0/written" 2>&- && exec "$@"'
const UNSHARE = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]

/** @type {import('./project').Project} */
let project

describe('the packed package on a read-only mount', { skip: missingMounts() }, () => {
  before(async () => {
    project = await makeProject()
    for (const [name, program] of Object.entries(TOKEN)) project.write(name, program)
  })
  after(() => project?.remove())

  for (const program of Object.keys(TOKEN)) {
    test(`gets a token: ${program}`, async () => {
      const parameters = [...UNSHARE, 'sh', '-c', READ_ONLY, project.folder, process.execPath, program]
      assert.deepEqual(await project.run('unshare', parameters), { source: 'clientSecret' })
    })
  }
})

/** @returns {string | false} why nothing can be mounted here */
function missingMounts() {
  if (process.platform !== 'linux') return 'mounts of a process are a thing of Linux'
  const tried = spawnSync('unshare', [...UNSHARE, 'sh', '-c', 'mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp'], { encoding: 'utf8' })
  if (tried.status === 0) return false
  return `needs unshare and the right to mount (${(tried.error?.message ?? tried.stderr).trim()})`
}
