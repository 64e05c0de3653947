// @ts-check
'use strict'

// Azure OpenAI with the package `openai`, which gets a token for each request.

const { AzureOpenAI } = require('openai')
const { getBearerTokenProvider } = require('azure-client-token')

const client = new AzureOpenAI({
  endpoint: 'https://example.openai.azure.com',
  apiVersion: '2024-10-21',
  azureADTokenProvider: getBearerTokenProvider('https://cognitiveservices.azure.com/.default'),
})

async function main() {
  const { choices } = await client.chat.completions.create({
    model: 'example-deployment',
    messages: [{ role: 'user', content: 'Say hello.' }],
  })
  console.log(choices[0].message.content)
}

main()
