// @ts-check
'use strict'

// Pulumi's runner attaches a debugger to the program, under which V8 before Node.js 24 searches for a handler at each
// `throw`, through all promises that wait. An error of this package must end the program as the program's own errors do, in each version.

const { describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { installHosts, missingHosts } = require('./support/hosts')
const { preparedPrograms } = require('./support/prepared-pulumi-programs')

/** @typedef {import('../emulator').Emulator} Emulator */

const programFailed = 32
const [major] = process.versions.node.split('.')
const itself = 'the program itself'
const forms = [
  'getClientToken', 'getClientTokenOutput', 'getClientConfig', 'getClientConfigOutput',
  'getClientToken inside apply', 'getToken inside apply', 'getToken with options inside apply'
]
// The stack of an error that is thrown in the first turn of a callback of `apply` has frames of Pulumi's, which Node.js 20.20 cannot print:
// a program's own `throw` there does not end it.
const wrongForms = [
  'wrong arguments of getClientToken inside apply', 'wrong scopes of getToken inside apply', 'wrong settings of a credential inside apply',
  'wrong options of getClientToken inside apply', 'wrong options of getToken inside apply', 'wrong arguments of the entry'
]

/** The environment, the stack's configuration, and the message. @typedef {(emulator: Emulator) => Record<string, string>} Settings */

/** @type {[string, string[], Settings, Settings, RegExp][]} */
const failures = [
  ['a secret that is refused', forms, (emulator) => ({ ...emulator.environment(), ARM_CLIENT_SECRET: 'wrong' }), () => ({}), /AADSTS7000215/],
  ['settings that make no sense', ['getClientTokenOutput', 'getClientToken inside apply', 'getToken inside apply'], (emulator) => emulator.environment(), () => ({ 'azure-native:environment': 'junk' }), /environment/],
  ['a wrong type', wrongForms, (emulator) => emulator.environment(), () => ({}), /must be a (string|number)/]
]

describe('a failure that several outputs wait for ends the program', { concurrency: 2 }, () => {
  const { run } = preparedPrograms({ typescript: false })

  test('as one of its own does', async (t) => {
    const { errors } = await run(t, 'failing-net', { config: () => ({ 'p:form': itself }), environment: () => ({}), code: programFailed })
    assert.match(errors, /refused by the program/)
  })

  for (const [what, places, environment, config, message] of failures) {
    for (const form of places) {
      test(`${form}: ${what}`, async (t) => {
        const settings = (/** @type {Emulator} */ emulator) => ({ 'p:form': form, ...config(emulator) })
        const { errors } = await run(t, 'failing-net', { config: settings, environment, code: programFailed })
        assert.match(errors, message)
      })
    }
  }

  test('on each other Node.js', { skip: missingHosts() }, async (t) => {
    const [[, , environment, , refused]] = failures
    const ends = [[itself, /refused by the program/], ['getClientTokenOutput', refused], [wrongForms[0], /must be a string/]]
    for (const { name, command } of (await installHosts()).filter(({ name }) => name.startsWith('Node.js') && !name.endsWith(` ${major}`))) {
      for (const [form, message] of /** @type {[string, RegExp][]} */ (ends)) {
        await t.test(`${name}: ${form}`, async (t) => {
          const { errors } = await run(t, 'failing-net', { config: () => ({ 'p:form': form }), environment, code: programFailed, node: command })
          assert.match(errors, message)
        })
      }
    }
  })
})
