// @ts-check
'use strict'

const { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const installed = path.join(root, 'node_modules')

/** Packages that a workspace has as copies, or only on request. */
const ownPackages = new Set(['@pulumi', 'azure-client-token', 'typescript', 'ts-node', '.bin', '.package-lock.json'])

/**
 * A user's folder, outside this repository: its node_modules contains this package as it is published, and Pulumi's SDK. The SDK is a copy,
 * because it looks for a TypeScript in the neighbouring folders before it uses its own.
 * @param {{ typescript: boolean }} options whether a TypeScript is installed
 */
async function createWorkspace({ typescript }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'pulumi-workspace-'))
  const modules = path.join(folder, 'node_modules')
  await mkdir(path.join(modules, '@pulumi'), { recursive: true })
  const links = (await readdir(installed)).filter((name) => !ownPackages.has(name))
  await Promise.all((typescript ? [...links, 'typescript'] : links).map((name) => link(name, modules)))
  await cp(path.join(installed, '@pulumi', 'pulumi'), path.join(modules, '@pulumi', 'pulumi'), { recursive: true })
  await copyPackage(path.join(modules, 'azure-client-token'))
  return {
    folder,
    project: (/** @type {Project} */ project) => writeProject(folder, project),
    close: () => rm(folder, { recursive: true, force: true })
  }
}

/** @typedef {Awaited<ReturnType<typeof createWorkspace>>} Workspace */
/** @typedef {{ name: string, files: Record<string, string> }} Project */

/**
 * @param {string} name
 * @param {string} modules
 */
function link(name, modules) {
  return symlink(path.join(installed, name), path.join(modules, name), 'junction')
}

/**
 * Copies the files that package.json publishes, and the addon of this checkout.
 * @param {string} folder
 */
async function copyPackage(folder) {
  const { files } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  const addons = (await readdir(root)).filter((name) => name.endsWith('.node'))
  for (const name of ['package.json', ...files, ...addons]) {
    await cp(path.join(root, name), path.join(folder, name), { recursive: true }).catch(unlessMissing)
  }
}

/** Ignores a listed file that does not exist yet: the packaging tests check that. @param {NodeJS.ErrnoException} error */
function unlessMissing(error) {
  if (error.code !== 'ENOENT') throw error
}

/**
 * @param {string} workspace
 * @param {Project} project
 */
async function writeProject(workspace, { name, files }) {
  const folder = path.join(workspace, name)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await writeFile(path.join(folder, file), text)
  }
  return folder
}

module.exports = { copyPackage, createWorkspace, root }
