// @ts-check
'use strict'

// The shells with completion: the machine's own, else Debian's, unpacked into .cache.

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
    // An unpacked zsh does not find its modules and functions itself; an installed one does.
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

/** The reason to skip a test without this shell, or false. @param {string} shell */
function shellMissing(shell) {
  if (isOnPath(shell)) return false
  if (shell === 'pwsh') return 'pwsh is not installed, and Debian does not have it'
  const canFetch = process.platform === 'linux' && process.arch === 'x64' && isOnPath('apt-get') && isOnPath('dpkg-deb')
  return !canFetch && `${shell} is not installed, and cannot be fetched: that needs x64 Linux with apt-get and dpkg-deb`
}

/** @param {string} name */
function isOnPath(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/** @param {string} shell @returns {{ file: string, folder: string }} */
function program(shell) {
  if (isOnPath(shell)) return { file: shell, folder: '' }
  const folder = debianRoot(path.join(root, '.cache', 'shells'), pins.shells)
  // An unpacked fish uses the functions in its folder only if the folder has its settings, too.
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
