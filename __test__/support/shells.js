// @ts-check
'use strict'

// The shells that complete commands: the machine's own, else Debian's, unpacked into .cache.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { debianRoot } = require('../../scripts/cross/debian')
const pins = require('../../scripts/cross/pins.json')
const { root } = require('./run')

/** @typedef {{ words: string[], environment: Record<string, string> }} Started */

/** @type {Record<string, (home: string, script: string) => Started>} */
const starts = {
  bash: (home, script) => {
    fs.writeFileSync(path.join(home, 'bashrc'), `PS1='> '\nbind 'set bell-style none'\nsource ${script}\n`)
    return { words: ['bash', '--rcfile', path.join(home, 'bashrc'), '-i'], environment: {} }
  },
  zsh: (home, script) => {
    const { file, folder } = program('zsh')
    // Where the modules and functions of an unpacked one are is known to no one; of an installed one, to itself.
    const paths = folder && `module_path=(${folder}/usr/lib/x86_64-linux-gnu/zsh/5.9)\nfpath=(${folder}/usr/share/zsh/functions/**/*(/))\n`
    fs.writeFileSync(path.join(home, '.zshenv'), `setopt no_global_rcs\n${paths}`)
    fs.writeFileSync(path.join(home, '.zshrc'), `PS1='> '\nunsetopt zle_bracketed_paste prompt_cr prompt_sp 2>/dev/null\nautoload -Uz compinit && compinit -u -D\nsource ${script}\n`)
    return { words: [file, '-i'], environment: { ZDOTDIR: home, ...libraries(folder) } }
  },
  fish: (home, script) => {
    const { file, folder } = program('fish')
    fs.mkdirSync(path.join(home, '.config', 'fish'), { recursive: true })
    fs.writeFileSync(path.join(home, '.config', 'fish', 'config.fish'), `set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\nfunction fish_prompt; echo '> '; end\nsource ${script}\n`)
    return { words: [file, '-i'], environment: libraries(folder) }
  },
}

/** Why there is no such shell here, for a test to print; or false. @param {string} shell */
function shellMissing(shell) {
  if (isOnPath(shell)) return false
  if (shell === 'pwsh') return 'there is no pwsh here, and Debian has none'
  const canFetch = process.platform === 'linux' && process.arch === 'x64' && isOnPath('apt-get') && isOnPath('dpkg-deb')
  return !canFetch && `there is no ${shell} here, and no apt-get and dpkg-deb for x64 Linux to fetch one with`
}

/** @param {string} name */
function isOnPath(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/** @param {string} shell @returns {{ file: string, folder: string }} */
function program(shell) {
  if (isOnPath(shell)) return { file: shell, folder: '' }
  const folder = debianRoot(path.join(root, '.cache', 'shells'), pins.shells)
  // An unpacked fish takes its functions from beside itself only if its settings are there, too.
  if (!fs.existsSync(path.join(folder, 'usr', 'etc'))) fs.symlinkSync('../etc', path.join(folder, 'usr', 'etc'))
  const places = ['bin', 'usr/bin'].map((place) => path.join(folder, place, shell))
  return { file: String(places.find((file) => fs.existsSync(file))), folder }
}

/** @param {string} folder @returns {Record<string, string>} */
function libraries(folder) {
  if (folder === '') return {}
  return { LD_LIBRARY_PATH: ['usr/lib', 'lib'].map((place) => path.join(folder, place, 'x86_64-linux-gnu')).join(':') }
}

module.exports = { shellMissing, starts }
