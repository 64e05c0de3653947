// @ts-check
'use strict'

// Distinguishes the errors: who must act, and whether trying again makes sense.

const { getClientToken, AuthenticationError, ClientTokenError, ConfigurationError } = require('azure-client-token')

getClientToken({}, { timeout: 5_000 }).then(
  ({ source }) => console.log(`a token from ${source}`),
  (error) => console.log(advice(error))
)

/** @param {unknown} error */
function advice(error) {
  if (error instanceof ConfigurationError) return `Set or mend ${error.settings.join(', ')}.`
  if (error instanceof AuthenticationError) return `Refused (${codes(error)}): ask the owner of the application.`
  if (error instanceof ClientTokenError && error.retryable) return `Not now (${error.code}): try again later.`
  return `Unexpected: ${error}`
}

/** @param {AuthenticationError} error */
function codes({ errorCodes }) {
  return errorCodes.map((code) => `AADSTS${code}`).join(', ')
}
