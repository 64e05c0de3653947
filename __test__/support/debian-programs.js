// @ts-check
'use strict'

// Programs that tests run: the machine's own where it is new enough, else Debian's, unpacked into .cache.

const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { debianRoot } = require('../../scripts/cross/debian')
const pins = require('../../scripts/cross/pins.json')
const { root } = require('./run')

/** @typedef {{ version: string[], oldest: [number, number] }} Wanted how to ask for the version, and the oldest one that will do */

/** @typedef {'kubectl' | 'docker' | 'git'} Name */

/** @type {Record<Name, Wanted>} */
const wanted = {
  // The exec protocol's v1 came with 1.22.
  kubectl: { version: ['version', '--client'], oldest: [1, 22] },
  // From this one on, `docker manifest` is no experiment.
  docker: { version: ['--version'], oldest: [20, 10] },
  // It takes bearer tokens from a helper.
  git: { version: ['--version'], oldest: [2, 46] },
}

/** Why there is no such program here, for a test to print; or false. @param {Name} name */
function programMissing(name) {
  return !isNewEnough(name) && !canFetch() && `there is no ${name} ${wanted[name].oldest.join('.')} or newer here, and no apt-get and dpkg-deb for x64 Linux to fetch one with`
}

function canFetch() {
  return process.platform === 'linux' && process.arch === 'x64' && isOnPath('apt-get') && isOnPath('dpkg-deb')
}

/** Its path, or its name where the PATH has it. @param {'kubectl' | 'docker'} name */
function program(name) {
  return isNewEnough(name) ? name : path.join(debianRoot(path.join(root, '.cache', name), pins[name]), 'usr', 'bin', name)
}

/**
 * A line of a shell that lays Debian's program and its libraries over those of the machine, in a namespace of its own: for
 * programs that run others of theirs by their places.
 * @param {'git'} name
 */
function layOver(name) {
  const folder = debianRoot(path.join(root, '.cache', name), pins[name])
  return `mount -t overlay overlay -o lowerdir=${path.join(folder, 'usr')}:/usr /usr`
}

/** @param {Name} name */
function isNewEnough(name) {
  const { version, oldest: [major, minor] } = wanted[name]
  const { stdout } = spawnSync(name, version, { encoding: 'utf8' })
  const found = /(\d+)\.(\d+)/.exec(stdout ?? '')?.slice(1).map(Number) ?? [0, 0]
  return found[0] > major || (found[0] === major && found[1] >= minor)
}

/** @param {string} name */
function isOnPath(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

module.exports = { isNewEnough, layOver, program, programMissing }
