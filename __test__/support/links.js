// @ts-check
'use strict'

/**
 * The targets of a document's links within the repository.
 * @param {string} markdown
 */
function localLinks(markdown) {
  return [...markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link).filter((link) => !link.includes('://'))
}

module.exports = { localLinks }
