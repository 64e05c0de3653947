// @ts-check
'use strict'

// The disk space and load time of each package that depends on @azure/identity, with the original and with this package in its place: the
// table in docs/azure-identity.md. Needs a release build: npm run build.
//
//   node __test__/overrides/measure.js

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { DEPENDANTS, RECIPES, installProject, startPublished } = require('./projects')

const ROUNDS = 15
/** Processor time, on which other work of the machine has little effect. */
const LOAD = 'const start = process.cpuUsage(); require(process.argv[1]); const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)'

async function main() {
  const published = await startPublished()
  try {
    console.log('| package | in node_modules | with ours | to load | with ours |\n| --- | ---: | ---: | ---: | ---: |')
    for (const dependant of Object.values(DEPENDANTS)) await measure(published, dependant)
  } finally {
    await published.close()
  }
}

/**
 * @param {Awaited<ReturnType<typeof startPublished>>} published
 * @param {Record<string, string>} dependencies
 */
async function measure({ folder, url }, dependencies) {
  const [name] = Object.keys(dependencies)
  const [before, after] = ['before', 'after'].map((state) => path.join(folder, `${name.replace(/\W+/g, '-')}-${state}`))
  await installProject(before, url, dependencies, { install: RECIPES.npm.install })
  await installProject(after, url, dependencies, RECIPES.npm)
  const [theirs, ours] = times(name, before, after).map((samples) => `${Math.min(...samples).toFixed(0)} ms`)
  const [heavy, light] = [before, after].map((place) => `${(bytesOf(path.join(place, 'node_modules')) / 1e6).toFixed(1)} MB`)
  console.log(`| ${name} ${dependencies[name]} | ${heavy} | ${light} | ${theirs} | ${ours} |`)
}

/**
 * Measures both in turns, each sample in a separate process; the first round fills the disk cache. The lowest sample counts, because other
 * work only adds to a sample.
 * @param {string} name
 * @param {string[]} folders
 */
function times(name, ...folders) {
  const samples = folders.map(() => /** @type {number[]} */ ([]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, cwd] of folders.entries()) {
      const time = Number(execFileSync(process.execPath, ['-e', LOAD, name], { cwd, encoding: 'utf8' }))
      if (round > 0) samples[index].push(time)
    }
  }
  return samples
}

/** @param {string} folder @returns {number} */
function bytesOf(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0)
}

main()
