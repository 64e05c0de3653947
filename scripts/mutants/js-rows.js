// @ts-check
'use strict'

const { rowsOf } = require('./row')

// Faults of the JavaScript. "M…" are those of an earlier review, including those that no test detected then.

const test = (/** @type {string[]} */ ...names) => names.map((name) => `__test__/${name}.test.js`)

const jsRows = [
  ...rowsOf('js/client.js', test('near-cache'), [
    ['M105: the near cache leaves the tenant out of its key', 'keyOf([endpoint, tenantId, claims,', 'keyOf([endpoint, claims,'],
    ['M105b: the near cache leaves the scopes out of its key', ', inOrder?.length, ...(inOrder ?? [])])', '])'],
    ['the near cache leaves the number of scopes out of its key', 'inOrder?.length, ...(inOrder ?? [])', '...(inOrder ?? [])'],
    ['the near cache leaves the claims out of its key', 'tenantId, claims, enableCae, inOrder', 'tenantId, enableCae, inOrder'],
    ['the near cache leaves readiness for CAE out of its key', 'claims, enableCae, inOrder', 'claims, inOrder'],
    ['the near cache leaves the endpoint out of its key', 'keyOf([endpoint, tenantId', 'keyOf([tenantId'],
    ['the near cache distinguishes scopes in another order', '[...scopes].sort()', 'scopes'],
    ['a call with a tenant is answered as one without', 'const isPlain = tenantId === undefined && claims', 'const isPlain = claims'],
    ['a signal that is aborted already is not looked at', '    signal?.throwIfAborted()\n    const { cache', '    const { cache'],
    ['a forced call shares one that is not', 'if (signal || timeout || forceRefresh)', 'if (signal || timeout)'],
  ]),
  ...rowsOf('js/client.js', test('get-client-token', 'abort'), [
    ['M104: a forced call is answered by the cached token', 'forceRefresh ? undefined : cache.get(key)', 'cache.get(key)'],
    ['an aborted call rejects without the reason of its signal', 'throw signal?.reason', 'throw undefined'],
  ]),
  ...rowsOf('js/results.js', test('get-client-token', 'abort'), [
    ['a result is not frozen', 'return Object.freeze({\n    token:', 'return ({\n    token:'],
  ]),
  ...rowsOf('js/client.js', test('cache'), [
    ['M108: calls share another one\'s signal', 'if (signal || timeout || forceRefresh)', 'if (timeout || forceRefresh)'],
    ['calls share another one\'s timeout', 'if (signal || timeout || forceRefresh)', 'if (signal || forceRefresh)'],
  ]),
  ...rowsOf('js/near-cache.js', test('near-cache'), [
    ['the near cache joins the parts of its key without their lengths', '`${String(part).length}:${part}`', '`${part}`'],
    ['M117: what was asked for before the cache was cleared is kept', 'if (since !== epoch) return', ''],
  ]),
  ...rowsOf('js/client.js', test('diagnostics'), [
    ['an observed call is not published', 'if (!isAcquisitionObserved()) return', 'return'],
  ]),
  ...rowsOf('js/diagnostics.js', test('diagnostics'), [
    ['the text of a store\'s error is published', 'typeof kind === \'string\' && IDENTIFIER.test(kind)', 'typeof kind === \'string\''],
    ['a forced call is published as one whose token is missing', 'if (options?.forceRefresh) return \'forced\'', ''],
  ]),
  ...rowsOf('js/near-cache.js', test('cache'), [
    ['M103: the native cache is never asked again about a cached token', 'return Date.now() < this.#until || this.#ask()', 'return true'],
    ['a token outlives the clearing of the cache', 'if (this.#epoch !== epoch) return false', ''],
    ['a call shares one that began before the cache was cleared', 'call !== undefined && call.epoch === epoch', 'call !== undefined'],
    ['a token is trusted by the wall clock alone', 'setTimeout(() => this.#end(), trust).unref()', 'setTimeout(() => {}, trust).unref()'],
    ['a token is trusted for ever once native code trusted it', 'this.#until = Date.now() + trust', 'this.#until = trust > 0 ? Infinity : 0'],
  ]),
  ...rowsOf('js/call-pacing.js', test('cache'), [
    ['a thousand calls go in one turn', 'if (started >= AT_ONCE)', 'if (false)'],
  ]),
  ...rowsOf('js/credential.js', test('credential'), [
    ['M112: the listener stays on what looks like a signal', '() => unfollow(like, follow)', '() => {}'],
    ['what looks like a signal and is aborted does not abort', 'if (like.aborted) follow()', ''],
    ['M109: an option for proof of possession is let through', 'if (own(\'proofOfPossessionOptions\', proofOfPossessionOptions) != null) throw unsupportedProof()', ''],
    ['the claims of getToken are dropped', 'claims: own(\'claims\', claims),', 'claims: undefined,'],
    ['the tenant of getToken is dropped', 'tenantId: own(\'tenantId\', tenantId),', 'tenantId: undefined,'],
    ['a credential with options uses the login context', 'this.#own = options === undefined || options === null ? undefined : clientOf(options)', 'this.#own = undefined'],
  ]),
  ...rowsOf('js/credential.js', test('cache'), [
    ['settings are not read again after another thread cleared the cache', 'if (client === undefined || generation !== current)', 'if (client === undefined)'],
  ]),
  ...rowsOf('js/errors.js', test('errors', 'credential'), [
    ['M106: an error that JavaScript finds loses its settings', 'helpAnchor, settings, attempts: [], causes: [] })\n}\n\n/**\n * Loads a file of this package', 'helpAnchor, settings: [], attempts: [], causes: [] })\n}\n\n/**\n * Loads a file of this package'],
    ['an error has the class of all', 'classes[failure.code] ?? ClientTokenError', 'ClientTokenError'],
    ['an error of a busy service loses its wait', 'this.retryAfter = failure.retryAfter ?? undefined', 'this.retryAfter = undefined'],
    ['an error loses that it is retryable', 'this.retryable = failure.retryable', 'this.retryable = false'],
    ['an error loses its causes', 'return { cause }\n}\n\n/**\n * A cause happened', 'return undefined\n}\n\n/**\n * A cause happened'],
  ]),
  ...rowsOf('js/abort.js', test('abort'), [
    ['a signal keeps its listener after its calls', 'if (watch.calls === 0) end(signal, watch)', ''],
    ['the first call that ends takes the listener of all', 'if (watch.calls === 0) end(signal, watch)', 'end(signal, watch)'],
    ['an abort does not reach native code', 'listener: () => cancellation.cancel()', 'listener: () => {}'],
  ]),
  ...rowsOf('js/input-values.js', test('prototypes'), [
    ['an option counts that comes from Object.prototype', 'return isFromRoot(bag, name) ? undefined : value', 'return value'],
    ['M110: a variable counts that process.env inherits', 'value !== undefined && Object.hasOwn(environment, name) ? value : undefined', 'value'],
    ['an element counts that comes from Array.prototype', 'if (Object.hasOwn(array, index)) return', 'return'],
  ]),
  ...rowsOf('js/command/login.js', test('command-credentials'), [
    ['the variables of two applications are mixed', 'variable(`${group}_${name}`)', 'variable(`AZURE_${name}`, `ARM_${name}`)'],
    ['the token of a job is sent to another pair\'s address', 'source.every(([, value]) => value !== undefined)', 'source.some(([, value]) => value !== undefined)'],
    ['a managed identity that a variable names is replaced', '(options[\'client-id\'] ?? variable(\'AZURE_CLIENT_ID\', \'ARM_CLIENT_ID\'))', 'options[\'client-id\']'],
    ['a client id that no credential takes is ignored', '  checkClientId(options)\n  applyToEnvironment', '  applyToEnvironment'],
    ['a tenant that the default chain may not ask is ignored', '[\'default\', \'pulumi\'].includes(kindOf(name))', 'false'],
  ]),
  ...rowsOf('js/arguments.js', test('get-client-token'), [
    ['M111: a Pulumi provider is not refused', 'if (provider != null || parent != null) refuseProvider', 'if (false) refuseProvider'],
  ]),
  ...rowsOf('js/binding.js', test('addon', 'abort'), [
    ['M113: settled calls that are left over wait for ever', 'if (addon.settleCalls()) setImmediate(settle)', 'addon.settleCalls()'],
    ['an addon of another version is used', 'if (found !== version) throw', 'if (false) throw'],
  ]),
  ...rowsOf('js/pulumi/clients.js', test('pulumi'), [
    ['M115: two configurations share a client of Pulumi\'s entry', 'JSON.stringify(options)', 'JSON.stringify({ ...options, config: undefined })'],
    ['two environments share a client of Pulumi\'s entry', 'JSON.stringify(options)', 'JSON.stringify({ ...options, environment: undefined })'],
    ['a provider and a stack share a client of Pulumi\'s entry', 'JSON.stringify(options)', 'JSON.stringify({ ...options, configSource: undefined })'],
    ['clients of Pulumi\'s entry outlive the clearing of the cache', 'whenForgotten(() => clients.clear())', ''],
    ['clients of Pulumi\'s entry are not bounded', 'setNewest(clients, key, client, MOST_CLIENTS)', 'setNewest(clients, key, client, Infinity)'],
  ]),
  ...rowsOf('js/pulumi/provider-configuration.js', test('pulumi', 'pulumi-peer'), [
    ['M116: a setting of a provider that is empty hides the environment', 'if (value === \'\' && unsetWhenEmpty.includes(name)) return []', ''],
    ['an unknown input of a provider is taken for unset', 'if (states.some(({ value }) => value === pulumi.unknown) || !isAnswered(states)) return pulumi.unknown', ''],
  ]),
  ...rowsOf('js/pulumi/provider-choice.js', test('pulumi'), [
    ['a provider of another package is used', 'if (provider) checkPackage(provider)', ''],
  ]),
  ...rowsOf('js/token-provider.js', test('token-provider'), [
    ['a failed renewal is begun again at once', 'Date.now() >= pausedUntil', 'true'],
    ['an expired token of another credential is handed out', 'token === null || token.expiresOnTimestamp <= Date.now()', 'token === null'],
  ]),
  ...rowsOf('js/identity/chain.js', test('identity-cases'), [
    ['the drop-in\'s chain goes on after every error', 'if (!isPassedOver(error)) throw error', ''],
  ]),
  ...rowsOf('js/identity/managed-identity.js', test('identity-cases'), [
    ['the drop-in asks Service Fabric and Cloud Shell for an identity that they do not choose', 'if (!isServiceFabric && !isCloudShell) return', 'return'],
  ]),
]

module.exports = { jsRows }
