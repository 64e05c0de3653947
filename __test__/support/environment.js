// @ts-check
'use strict'

/**
 * What a child process needs to run at all, and nothing of this machine's logins, proxies or certificates.
 * @param {Record<string, string>} [settings] what it is to see besides
 * @returns {Record<string, string>}
 */
function bareEnvironment(settings) {
  const { PATH = '', SystemRoot } = process.env
  return { PATH, ...(SystemRoot && { SystemRoot }), ...settings }
}

module.exports = { bareEnvironment }
