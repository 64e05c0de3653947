// @ts-check
'use strict'

// A pod that is a process: gets a token as its parameters say, and prints the outcome.

const fs = require('node:fs')
const { ClientTokenCredential } = require('../..')
const { redisStore } = require('../../redis')
const { single } = require('./redis-clients')

const { port, cache, credential, assertionFile } = JSON.parse(process.argv[2])

async function main() {
  const { client, close } = await single['redis 5'](port)
  const pod = new ClientTokenCredential({
    ...credential,
    credential: 'clientAssertion',
    getAssertion: () => fs.readFileSync(assertionFile, 'utf8').trim(),
    cache: { kind: 'shared', store: redisStore(client), ...cache },
  })
  const { token } = await pod.getClientToken()
  console.log(token)
  close()
}

main()
