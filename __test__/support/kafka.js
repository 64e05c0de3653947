// @ts-check
'use strict'

// A real Kafka on loopback, with TLS, whose own validator verifies tokens: signature with the emulator's keys, issuer, audience, expiry.
// Maven downloads it once into .cache/kafka.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { promisify } = require('node:util')
const { issueServerCertificate } = require('../../emulator/certificates')
const { freePort } = require('../../scripts/redis/server')
const { startProgram, temporaryFolder } = require('./client-servers')
const { request } = require('./http')

const run = promisify(execFile)
const root = path.join(__dirname, '..', '..')
const OAUTH = 'org.apache.kafka.common.security.oauthbearer'

/** @returns {string | false} the reason to skip a test without Kafka, or false */
function missingKafka() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const missing = ['java', 'mvn'].filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))))
  return missing.length > 0 && `not on PATH: ${missing.join(', ')}; Kafka runs on Java, and Maven downloads it`
}

/** @returns {Promise<string>} the class path */
async function installKafka() {
  const folder = path.join(root, '.cache', 'kafka')
  const pom = path.join(root, '__test__', 'client-packages', 'kafka', 'pom.xml')
  const installed = path.join(folder, 'pom.xml')
  if (!fs.existsSync(installed) || fs.readFileSync(installed, 'utf8') !== fs.readFileSync(pom, 'utf8')) {
    fs.rmSync(folder, { recursive: true, force: true })
    await run('mvn', ['-q', '-B', '-f', pom, 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies', `-DoutputDirectory=${path.join(folder, 'lib')}`], { timeout: 480_000 })
    // Written last: a folder with an incomplete installation does not have it.
    fs.copyFileSync(pom, installed)
  }
  return path.join(folder, 'lib', '*')
}

/**
 * @param {import('../../emulator').Emulator} emulator
 * @param {string} audience
 */
async function startKafka(emulator, audience) {
  const classPath = await installKafka()
  const folder = temporaryFolder('kafka')
  const { caCertificate, ...pair } = await issueServerCertificate()
  const keys = path.join(folder, 'keys.json')
  fs.writeFileSync(keys, (await request(`${emulator.authorityHost}${emulator.tenantId}/discovery/v2.0/keys`, { ca: emulator.caCertificate })).text)
  const [port, internal, controller] = [await freePort(), await freePort(), await freePort()]
  const settings = path.join(folder, 'server.properties')
  fs.writeFileSync(settings, [...places(folder, port, internal, controller), ...judgement(keys, audience, emulator.tenantId), ...encryption(pair)].join('\n'))
  const java = (/** @type {string[]} */ ...parameters) => ['-Xmx256m', '-XX:TieredStopAtLevel=1', `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${pathToFileURL(keys)}`, '-cp', classPath, ...parameters]
  await run('java', java('kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', settings), { cwd: folder })
  const close = await startProgram('java', java('kafka.Kafka', settings), folder, port)
  return { port, caCertificate, close }
}

/**
 * One process is broker and controller, which communicate without TLS.
 * @param {string} folder
 * @param {number} port
 * @param {number} internal
 * @param {number} controller
 */
function places(folder, port, internal, controller) {
  return [
    'process.roles=broker,controller', 'node.id=1', `log.dirs=${path.join(folder, 'logs')}`,
    `controller.quorum.voters=1@127.0.0.1:${controller}`, 'controller.listener.names=CONTROLLER', 'inter.broker.listener.name=INTERNAL',
    `listeners=CLIENTS://127.0.0.1:${port},INTERNAL://127.0.0.1:${internal},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=CLIENTS://localhost:${port},INTERNAL://127.0.0.1:${internal}`,
    'listener.security.protocol.map=CLIENTS:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'offsets.topic.replication.factor=1', 'offsets.topic.num.partitions=1',
  ]
}

/** @param {string} keys @param {string} audience @param {string} tenantId */
function judgement(keys, audience, tenantId) {
  const listener = 'listener.name.clients'
  return [
    `${listener}.sasl.enabled.mechanisms=OAUTHBEARER`,
    `${listener}.oauthbearer.sasl.server.callback.handler.class=${OAUTH}.OAuthBearerValidatorCallbackHandler`,
    `${listener}.oauthbearer.sasl.jaas.config=${OAUTH}.OAuthBearerLoginModule required ;`,
    // The default validator does not verify a token's signature and audience.
    `sasl.oauthbearer.jwt.validator.class=${OAUTH}.BrokerJwtValidator`,
    `sasl.oauthbearer.jwks.endpoint.url=${pathToFileURL(keys)}`,
    `sasl.oauthbearer.expected.audience=${audience}`,
    `sasl.oauthbearer.expected.issuer=https://sts.windows.net/${tenantId}/`,
    `sasl.oauthbearer.sub.claim.name=oid`,
  ]
}

/** @param {{ certificate: string, privateKey: string }} pair */
function encryption({ certificate, privateKey }) {
  const listener = 'listener.name.clients'
  const value = (/** @type {string} */ pem) => pem.trim().replaceAll('\n', '\\n')
  return [
    `${listener}.ssl.keystore.type=PEM`,
    `${listener}.ssl.keystore.certificate.chain=${value(certificate)}`,
    `${listener}.ssl.keystore.key=${value(privateKey)}`,
    '',
  ]
}

module.exports = { missingKafka, startKafka }
