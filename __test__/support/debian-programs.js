// @ts-check
'use strict'

// Programs that tests run: the machine's own if it is new enough, else Debian's, unpacked into .cache.

const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { debianRoot } = require('../../scripts/cross/debian')
const pins = require('../../scripts/cross/pins.json')
const { root } = require('./run')

/** @typedef {{ version: string[], oldest: [number, number] }} Wanted the arguments that print the version, and the oldest accepted version */

/** @typedef {'kubectl' | 'docker' | 'git'} Name */

/** @type {Record<Name, Wanted>} */
const wanted = {
  // The exec protocol's v1 came with 1.22.
  kubectl: { version: ['version', '--client'], oldest: [1, 22] },
  // `docker manifest` is not experimental from this version on.
  docker: { version: ['--version'], oldest: [20, 10] },
  // It accepts bearer tokens from a helper.
  git: { version: ['--version'], oldest: [2, 46] },
}

/** The reason to skip a test without this program, or false. @param {Name} name */
function programMissing(name) {
  return !isNewEnough(name) && !canFetch() && `${name} ${wanted[name].oldest.join('.')} or newer is not installed, and cannot be fetched: that needs x64 Linux with apt-get and dpkg-deb`
}

function canFetch() {
  return process.platform === 'linux' && process.arch === 'x64' && isOnPath('apt-get') && isOnPath('dpkg-deb')
}

/** Its path, or its name if it is on PATH. @param {'kubectl' | 'docker'} name */
function program(name) {
  return isNewEnough(name) ? name : path.join(debianRoot(path.join(root, '.cache', name), pins[name]), 'usr', 'bin', name)
}

/**
 * A shell command that mounts Debian's program and its libraries over those of the machine, in a separate namespace: for programs that run
 * other programs of theirs by absolute paths.
 * @param {'git'} name
 */
function mountOver(name) {
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

module.exports = { isNewEnough, mountOver, program, programMissing }
