// @ts-check

// Azure OpenAI by Vercel's AI SDK, which asks for a token at each request.

import { createAzure } from '@ai-sdk/azure'
import { generateText } from 'ai'
import { getBearerTokenProvider } from 'azure-client-token'

const azure = createAzure({
  resourceName: 'example',
  tokenProvider: getBearerTokenProvider('https://cognitiveservices.azure.com/.default'),
})

const { text } = await generateText({ model: azure.chat('example-deployment'), prompt: 'Say hello.' })
console.log(text)
