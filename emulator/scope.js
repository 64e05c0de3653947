// @ts-check
'use strict'

const { refuse } = require('./errors')

const SUFFIX = '/.default'

// MSAL sends these with every request. They ask for tokens of a user and have no meaning here.
const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access'])

/**
 * Returns the resource of a scope: everything but one `/.default`, so that `https://host//.default` means `https://host/`.
 * @param {string} scope
 */
function resourceOf(scope) {
  const [first, ...more] = scope.split(' ').filter((part) => part !== '' && !OPENID_SCOPES.has(part))
  if (![first, ...more].every(isResource)) refuse('scopeInvalid', scope)
  if (more.some((other) => other !== first)) refuse('resourcesSeveral', scope)
  return first.slice(0, -SUFFIX.length)
}

/**
 * Returns the scopes of one resource that a user has agreed to: `https://host/Mail.Read`, or all of them as `/.default`.
 * @param {string} scope
 */
function delegatedScopes(scope) {
  const parts = scope.split(' ').filter((part) => part !== '' && !OPENID_SCOPES.has(part))
  const split = parts.map((part) => part.match(/^(.+)\/([^/]+)$/) ?? refuse('scopeInvalid', scope))
  const [resource, ...others] = new Set(split.map(([, resource]) => resource))
  if (resource === undefined) refuse('scopeInvalid', scope)
  if (others.length > 0) refuse('resourcesSeveral', scope)
  return { resource, names: split.map(([, , name]) => name) }
}

/** @param {string | undefined} scope */
function isResource(scope = '') {
  return scope.endsWith(SUFFIX) && scope.length > SUFFIX.length
}

module.exports = { delegatedScopes, resourceOf }
