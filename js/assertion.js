// @ts-check
'use strict'

const { binding } = require('./binding')
const { rememberRejection } = require('./assertion-rejections')

/**
 * Returns the function that native code calls for an assertion. The answer has the call's number.
 * @param {import('../index').AssertionCallback} getAssertion
 * @returns {(call: number) => void}
 */
function asker(getAssertion) {
  return (call) => void answer(call, getAssertion)
}

/**
 * @param {number} call
 * @param {import('../index').AssertionCallback} getAssertion
 */
async function answer(call, getAssertion) {
  try {
    const assertion = await getAssertion()
    if (typeof assertion !== 'string' || assertion === '') throw new TypeError('getAssertion() must return a string that is not empty')
    binding().settleAssertion(call, assertion)
  } catch (reason) {
    rememberRejection(call, reason)
    binding().settleAssertion(call)
  }
}

module.exports = { asker }
