// @ts-check
'use strict'

/**
 * Where a paper's links lead, without those to other machines.
 * @param {string} markdown
 */
function localLinks(markdown) {
  return [...markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link).filter((link) => !link.includes('://'))
}

module.exports = { localLinks }
