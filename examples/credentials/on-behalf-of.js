// @ts-check
'use strict'

// A server that calls Microsoft Graph on behalf of the user who calls it.

const { createServer } = require('node:http')
const { ClientTokenCredential, AuthenticationError } = require('azure-client-token')

const { APP_TENANT_ID = '', APP_CLIENT_ID = '', APP_CLIENT_SECRET = '', AZURE_AUTHORITY_HOST } = process.env

const server = createServer(async ({ headers }, answer) => {
  try {
    const { source, expiresOnTimestamp } = await graphToken(headers.authorization?.replace(/^Bearer /i, '') ?? '')
    answer.end(`a token by ${source} until ${new Date(expiresOnTimestamp).toISOString()}\n`)
  } catch (error) {
    refuse(answer, error)
  }
})
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log('listening', server.address()))

/**
 * Equal credentials share their tokens: a new one for each call makes no more requests than a shared one.
 * @param {string} userAssertion
 */
function graphToken(userAssertion) {
  const application = { tenantId: APP_TENANT_ID, clientId: APP_CLIENT_ID, authorityHost: AZURE_AUTHORITY_HOST }
  const proof = { userAssertion, clientSecret: APP_CLIENT_SECRET }
  const credential = new ClientTokenCredential({ credential: 'onBehalfOf', ...application, ...proof })
  return credential.getToken('https://graph.microsoft.com/User.Read')
}

/**
 * Returns the claims challenge to the client, which signs the user in with it.
 * @param {import('node:http').ServerResponse} answer
 * @param {unknown} error
 */
function refuse(answer, error) {
  const claims = error instanceof AuthenticationError ? error.claims : undefined
  const challenge = claims && `, error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`
  answer.writeHead(401, { 'www-authenticate': `Bearer realm=""${challenge ?? ''}` }).end(`${error}\n`)
}
