// @ts-check
'use strict'

// Azure DevOps with `azure-devops-node-api`. Its handler keeps one token and does not renew it: create a connection for each task. A call
// for a cached token takes microseconds.

const { WebApi, getBearerHandler } = require('azure-devops-node-api')
const { getBearerTokenProvider } = require('azure-client-token')

// The scope is the id of Azure DevOps in Entra ID.
const token = getBearerTokenProvider('499b84ac-1321-427f-aa17-267ca6975798/.default')

async function connection() {
  return new WebApi('https://dev.azure.com/example', getBearerHandler(await token()))
}

async function main() {
  const core = await (await connection()).getCoreApi()
  for (const { name } of await core.getProjects()) console.log(name)
}

main()
