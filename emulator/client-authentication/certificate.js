// @ts-check
'use strict'

const { createHash } = require('node:crypto')
const { refuse } = require('../errors')
const { requireValidity } = require('./validity')

// Entra ID's documentation asks for five to ten minutes. The tolerance covers a client whose clock is ahead.
const LONGEST_LIFETIME = 600
const TOLERANCE = 60

/**
 * `private_key_jwt` with a certificate of the application.
 * @param {import('./authentication').Authentication} authentication
 * @param {import('./jwt').Assertion} assertion
 */
async function authenticateWithCertificate({ request, application, tenant, replayGuard }, assertion) {
  const certificate = requireCertificate(application.certificates, assertion.header)
  await requireSignature(certificate, assertion)
  const { claims } = assertion
  if (claims.sub !== application.clientId) refuse('assertionSubjectInvalid')
  if (!audiences(request, tenant).includes(String(claims.aud))) refuse('assertionAudienceInvalid', String(claims.aud))
  requireValidity(claims, { longestLifetime: LONGEST_LIFETIME + TOLERANCE })
  if (!replayGuard.admit(claims)) refuse('certificateAssertionInvalid', 'its jti is missing or has been used before')
}

/**
 * @param {import('node:crypto').X509Certificate[]} certificates
 * @param {import('./jwt').AssertionHeader} header
 */
function requireCertificate(certificates, header) {
  const found = certificates.find((certificate) => isNamed(certificate, header))
  if (!found) return refuse('certificateAssertionInvalid', 'the key was not found')
  if (new Date(found.validTo) < new Date()) refuse('certificateAssertionInvalid', 'the key used is expired')
  if (new Date(found.validFrom) > new Date()) refuse('certificateAssertionInvalid', 'the key used is not valid yet')
  if (header.x5c && header.x5c[0] !== found.raw.toString('base64')) {
    refuse('certificateAssertionInvalid', 'x5c does not begin with the certificate')
  }
  return found
}

/**
 * @param {import('node:crypto').X509Certificate} certificate
 * @param {import('./jwt').AssertionHeader} header
 */
function isNamed({ raw }, header) {
  const sha256 = header['x5t#S256']
  if (sha256 !== undefined) return sha256 === thumbprint('sha256', raw)
  return header.x5t === thumbprint('sha1', raw)
}

/**
 * @param {string} algorithm
 * @param {Buffer} der
 */
function thumbprint(algorithm, der) {
  return createHash(algorithm).update(der).digest('base64url')
}

/**
 * @param {import('node:crypto').X509Certificate} certificate
 * @param {import('./jwt').Assertion} assertion
 */
async function requireSignature({ publicKey }, { token }) {
  const { compactVerify } = await import('jose')
  const verified = compactVerify(token, publicKey, { algorithms: ['PS256', 'RS256'] })
  await verified.catch(() => refuse('certificateAssertionInvalid', 'the signature could not be verified'))
}

/**
 * @param {import('../messages').Request} request
 * @param {string} tenant
 */
function audiences({ origin }, tenant) {
  return [`${origin}/${tenant}/oauth2/v2.0/token`, `${origin}/${tenant}/v2.0`]
}

module.exports = { authenticateWithCertificate }
