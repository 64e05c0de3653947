// @ts-check
'use strict'

// A new user, who has the packed package, the Azure CLI and docs/command.md, which contains each command and each file of this session. The
// machine has no other login, and npm installs the package.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { tokenVerifier } = require('../../support/resource-server')
const { pack } = require('../../../scripts/pack')
const { npmInvocation } = require('../../../scripts/npm')
const { root } = require('../../support/run')
const { startCluster } = require('../stand-ins/cluster')
const { HOST, REPOSITORY, devops, makeRepository, removeRepository } = require('../stand-ins/devops')
const { IMAGE, REGISTRY, registry, startEngine } = require('../stand-ins/registry')
const { play } = require('./set-up')

const AKS = '6dae42f8-4368-4678-94ff-3960e28e3630'
const guide = fs.readFileSync(path.join(root, 'docs', 'command.md'), 'utf8')

/** @param {import('../../../emulator').Emulator} emulator @returns {Promise<import('./set-up').Respond>} */
async function services(emulator) {
  /** @type {Record<string, import('./set-up').Respond>} */
  const byHost = { [REGISTRY]: await registry(emulator), [HOST]: await devops(emulator) }
  return (request, body, response) => byHost[String(request.headers.host)](request, body, response)
}

/** The first block of the guide that has these words. @param {string} words */
function fromGuide(words) {
  const blocks = [...guide.matchAll(/^```\w+\n([^]*?)^```/gm)].map(([, block]) => block.trim())
  const found = blocks.find((block) => block.includes(words))
  if (found === undefined) throw new Error(`docs/command.md has no block with ${words}`)
  return found
}

/** `npm install --global`, of the tarballs. @param {string} folder */
function install(folder) {
  const { main, platforms } = pack({ out: path.join(folder, 'tarballs') })
  const words = ['install', '--global', '--prefix', path.join(folder, 'npm'), '--offline', '--cache', path.join(folder, 'npm-cache'), main, ...Object.values(platforms)]
  const { command, parameters, shell } = npmInvocation(words)
  execFileSync(command, parameters, { cwd: folder, shell, stdio: 'pipe' })
}

/** The Azure CLI by its name. @param {string} folder @param {string} python @param {string} caFile */
function installAz(folder, python, caFile) {
  const file = path.join(folder, 'npm', 'bin', 'az')
  const settings = `REQUESTS_CA_BUNDLE=${caFile} AZURE_CORE_INSTANCE_DISCOVERY=false AZURE_CORE_COLLECT_TELEMETRY=false`
  fs.writeFileSync(file, `#!/bin/sh\nexec env ${settings} ${python} -m azure.cli "$@"\n`, { mode: 0o755 })
}

/** As `az aks get-credentials` writes it. @param {string} file @param {Awaited<ReturnType<typeof startCluster>>} cluster @param {string} tenantId */
function writeKubeconfig(file, cluster, tenantId) {
  const words = ['get-token', '--environment', 'AzurePublicCloud', '--server-id', AKS, '--client-id', '80faf920-1908-4b52-b5ef-a8e7bedfc67a', '--tenant-id', tenantId, '--login', 'devicecode']
  fs.mkdirSync(path.dirname(file))
  fs.writeFileSync(file, `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(cluster.caCertificate).toString('base64')}
    server: ${cluster.address}
  name: hello
contexts:
- context:
    cluster: hello
    user: clusterUser_group_hello
  name: hello
current-context: hello
kind: Config
preferences: {}
users:
- name: clusterUser_group_hello
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
${words.map((word) => `      - ${word}\n`).join('')}      command: kubelogin
      env: null
      installHint: |2

        kubelogin is not installed
      provideClusterInfo: false
`)
}

/** @param {import('./set-up').World} world */
async function session({ emulator, folder, caFile, run }) {
  install(folder)
  installAz(folder, String(process.env.AZ), caFile)
  makeRepository()
  const [cluster, engine] = [await startCluster(await tokenVerifier(emulator, AKS)), await startEngine(path.join(folder, 'docker.sock'))]
  writeKubeconfig(path.join(folder, '.kube', 'config'), cluster, emulator.tenantId)
  const none = Object.fromEntries(Object.keys(emulator.environment()).map((name) => [name, undefined]))
  const environment = {
    ...none, SECRET: emulator.clientSecret, NODE_EXTRA_CA_CERTS: caFile, GIT_SSL_CAINFO: caFile, SSL_CERT_FILE: caFile, DOCKER_HOST: `unix://${folder}/docker.sock`, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0',
    PATH: `${folder}/npm/bin:${process.env.PROGRAMS}:${process.env.PATH}`,
  }
  const shell = (/** @type {string} */ line) => run(['sh', '-c', line], { environment })
  const report = await walk(shell, folder, emulator)
  cluster.close()
  engine.close()
  removeRepository()
  return report
}

/**
 * @param {(line: string) => Promise<import('./set-up').Outcome>} shell
 * @param {string} folder
 * @param {import('../../../emulator').Emulator} emulator
 */
async function walk(shell, folder, emulator) {
  const before = await shell(fromGuide('token graph').split('\n')[1])
  const login = await shell(`${registerCloud(emulator)} && az login --service-principal --username ${emulator.clientId} --password="$SECRET" --tenant ${emulator.tenantId} --allow-no-subscriptions`)
  const token = await shell(fromGuide('token graph').split('\n')[1])
  const explained = await shell('azure-client-token explain')
  const left = await shell(fromGuide('kubeconfig convert'))
  const converted = await shell('azure-client-token kubeconfig convert --credential azureCli')
  const pods = await shell('kubectl get pods')
  fs.mkdirSync(path.join(folder, '.docker'))
  fs.writeFileSync(path.join(folder, '.docker', 'config.json'), fromGuide('credHelpers').replace('NAME.azurecr.io', REGISTRY))
  const [manifest, pull] = [await shell(`docker manifest inspect ${IMAGE}`), await shell(`docker pull ${IMAGE}`)]
  await shell(fromGuide('git config --global'))
  const clone = await shell(`git clone https://organisation@${HOST}/${REPOSITORY}`)
  return { before, login, token, explained, left, converted, pods, manifest, pull, clone, cloned: fs.readFileSync(path.join(folder, 'hello', 'README'), 'utf8') }
}

/** Registers the emulator in the place of the public cloud. @param {import('../../../emulator').Emulator} emulator */
function registerCloud({ authorityHost }) {
  const origin = authorityHost.slice(0, -1)
  const endpoints = ['active-directory', 'resource-manager'].map((name) => `--endpoint-${name} ${origin}`).join(' ')
  return `az cloud update --name AzureCloud ${endpoints} --endpoint-active-directory-resource-id https://management.azure.com/ --endpoint-active-directory-graph-resource-id https://graph.microsoft.com/`
}

play([REGISTRY, HOST], services, session)
