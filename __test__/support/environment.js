// @ts-check
'use strict'

/**
 * The variables that a child process needs to run, without this machine's logins, proxies and certificates.
 * @param {Record<string, string>} [settings] additional variables
 * @returns {Record<string, string>}
 */
function bareEnvironment(settings) {
  const { PATH = '', SystemRoot } = process.env
  return { PATH, ...(SystemRoot && { SystemRoot }), ...settings }
}

module.exports = { bareEnvironment }
