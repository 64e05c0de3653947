'use strict'

// What the packed package must do on every platform: get a token over TLS, throw an error of the right class, get a token in
// a worker, on Windows one for the next process, and exit while calls are pending. It runs in a project that has the package
// installed, and writes its results into the file in its argument, because some emulators have no pipes.

const fs = require('node:fs')
const path = require('node:path')
const { Worker, isMainThread, parentPort } = require('node:worker_threads')
const { ClientTokenCredential, ClientTokenError, clearCache, getClientToken } = require('azure-client-token')

const said = async () => {
  const { token, tokenType } = await getClientToken()
  const { aud, appid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
  return { aud, appid, tokenType }
}

const { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret, AZURE_AUTHORITY_HOST: authorityHost } = process.env

const refused = async () => {
  const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, authorityHost, clientSecret: 'a wrong one' })
  const error = await credential.getToken('https://management.azure.com/.default').catch((reason) => reason)
  return { code: error.code, isOurs: error instanceof ClientTokenError }
}

/** Where the token comes from. Windows (DPAPI) or Wine encrypts the key of the machine's store. */
const kept = async () => {
  const cache = { kind: 'machine', directory: path.dirname(process.argv[2]) }
  const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, authorityHost, clientSecret, cache })
  return (await credential.getToken('https://vault.azure.net/.default')).cachedIn ?? 'service'
}

const inWorker = () => new Promise((resolve, reject) => new Worker(__filename).on('message', resolve).on('error', reject))

async function main() {
  const node = `Node.js ${process.version.slice(1)}`
  const seen = { node, platform: process.platform, arch: process.arch, token: await said(), error: await refused(), worker: await inWorker() }
  if (process.platform === 'win32') seen.kept = await kept()
  fs.writeFileSync(process.argv[2], JSON.stringify(seen))
  clearCache()
  for (let call = 0; call < 20; call++) getClientToken({ endpoint: `https://${call}.example.com` }).catch(() => {})
  setTimeout(() => process.exit(0), 5)
}

if (isMainThread) main()
else said().then((token) => parentPort.postMessage(token))
