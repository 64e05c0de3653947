// @ts-check
'use strict'

// Azure OpenAI's v1 API with the package `openai`, whose `apiKey` may be a function, which it calls for each attempt of a request.

const { OpenAI } = require('openai')
const { getBearerTokenProvider } = require('azure-client-token')

const client = new OpenAI({
  baseURL: 'https://example.openai.azure.com/openai/v1/',
  apiKey: getBearerTokenProvider('https://cognitiveservices.azure.com/.default'),
})

async function main() {
  const { output_text: text } = await client.responses.create({ model: 'example-deployment', input: 'Say hello.' })
  console.log(text)
}

main()
