// @ts-check
'use strict'

// Azure OpenAI with LangChain, which gets a token for each request.

const { AzureChatOpenAI } = require('@langchain/openai')
const { getBearerTokenProvider } = require('azure-client-token')

const model = new AzureChatOpenAI({
  azureOpenAIEndpoint: 'https://example.openai.azure.com',
  azureOpenAIApiDeploymentName: 'example-deployment',
  azureOpenAIApiVersion: '2024-10-21',
  azureADTokenProvider: getBearerTokenProvider('https://cognitiveservices.azure.com/.default'),
})

async function main() {
  const { content } = await model.invoke('Say hello.')
  console.log(content)
}

main()
