// @ts-check

// Azure OpenAI with Vercel's AI SDK, which gets a token for each request.

import { createAzure } from '@ai-sdk/azure'
import { generateText } from 'ai'
import { getBearerTokenProvider } from 'azure-client-token'

const azure = createAzure({
  resourceName: 'example',
  tokenProvider: getBearerTokenProvider('https://cognitiveservices.azure.com/.default'),
})

const { text } = await generateText({ model: azure.chat('example-deployment'), prompt: 'Say hello.' })
console.log(text)
