// @ts-check
'use strict'

// A reporter of node:test: prints which tests were skipped and why. If CI is set, an unexpected reason fails the run, because a test that
// never runs proves nothing.

/** The reasons that CI accepts, by system. CI installs everything that a runner can have, so these lists are short. */
/** @type {Record<string, RegExp[]>} */
const ACCEPTED = {
  linux: [],
  // Network namespaces, /proc, readelf and stand-ins that are shell scripts exist on Linux only, and .ci/run runs there.
  darwin: [/namespace/, /\/proc/, /readelf/, /redis-server/, /\.ci\/run installs it/],
  win32: [/namespace/, /\/proc/, /POSIX/, /readelf/, /redis-server/, /\.ci\/run installs it/],
}

/** @typedef {{ name: string, reason: string }} Skipped */

/** @param {AsyncIterable<{ type: string, data: any }>} source */
module.exports = async function* skips(source) {
  /** @type {Skipped[]} */
  const skipped = []
  for await (const { type, data } of source) {
    if (type === 'test:pass' && data.skip !== undefined) skipped.push({ name: data.name, reason: String(data.skip) })
  }
  for (const { name, reason } of skipped) yield `skipped: ${name}: ${reason}\n`
  const surprising = unexpected(skipped, process.platform)
  if (process.env.CI === undefined || surprising.length === 0) return
  process.exitCode = 1
  yield `${surprising.length} tests were skipped for a reason that CI does not accept on ${process.platform}: install what they need, or add the reason to __test__/support/skips.js\n`
}

/**
 * @param {Skipped[]} skipped
 * @param {string} platform
 */
function unexpected(skipped, platform) {
  const accepted = ACCEPTED[platform] ?? []
  return skipped.filter(({ reason }) => !accepted.some((one) => one.test(reason)))
}

module.exports.unexpected = unexpected
