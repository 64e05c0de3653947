'use strict'

// A vector store in Azure Cosmos DB: LangChain creates a DefaultAzureCredential itself. There is no database at the endpoint: LangChain
// gets the token before the first request, whose failure ends the program.

const { AzureCosmosDBNoSQLVectorStore } = require('@langchain/azure-cosmosdb')

process.on('unhandledRejection', () => process.exit(0))
const embeddings = { embedQuery: async () => [0, 1], embedDocuments: async (texts) => texts.map(() => [0, 1]) }
const store = new AzureCosmosDBNoSQLVectorStore(embeddings, { endpoint: 'https://127.0.0.1:1/' })
store.initialize().finally(() => process.exit(0))
