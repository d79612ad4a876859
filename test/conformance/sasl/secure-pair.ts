import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { STANDARD_AUTHORIZER } from '../../../src/lib/broker/security/authorizer-settings.ts'
import { type BrokerInProcess, brokerInProcess } from '../../support/broker-in-process.ts'
import { freePorts } from '../kafka/start.ts'
import { startOwnKafka } from '../kafka/start-own.ts'
import { PASSWORD } from './conversation.ts'
import { FAILURE_DELAY_MS } from './talk.ts'

/** Certificates and keys of tests, in PEM. */
export const stores = fileURLToPath(new URL('../../golden/key-stores/', import.meta.url))

const protocols = {
  SASL: 'SASL_PLAINTEXT',
  RENEWED: 'SASL_PLAINTEXT',
  SASLTLS: 'SASL_SSL',
  TLS: 'SSL',
  MTLS: 'SSL',
  ELSEWHERE: 'SSL',
  EXPIRED: 'SSL',
} as const
export type ListenerName = keyof typeof protocols
const names = Object.keys(protocols) as ListenerName[]

/** An Apache Kafka and a local broker with the same listeners, users and rights. */
export interface SecurePair extends AsyncDisposable {
  readonly ours: BrokerInProcess
  /** Where nobody has to say who they are: of Kafka, of ours. */
  readonly plain: readonly [number, number]
  ports(name: ListenerName): readonly [number, number]
}

export async function startSecurePair(folder: string): Promise<SecurePair> {
  const all = [...Object.values(await freePorts()), ...Object.values(await freePorts())]
  const theirs = names.map((name, i) => ({ name, port: all[i] ?? 0, protocol: protocols[name] }))
  const properties = settingsIn(folder)
  const kafka = await startOwnKafka('broker-security', { properties, listeners: theirs })
  const listeners = names.map((name) => ({ name, protocol: protocols[name], hosts: ['127.0.0.1'], port: 0 }))
  const plain = { name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 }
  const ours = await brokerInProcess({ settings: properties, listeners: [plain, ...listeners] })
  return {
    ours,
    plain: [kafka.port, ours.port],
    ports: (name) => [
      theirs.find((one) => one.name === name)?.port ?? 0,
      ours.broker.endpoints.get(name)?.port ?? 0,
    ],
    async [Symbol.asyncDispose]() {
      await ours[Symbol.asyncDispose]()
      await kafka.stop()
      kafka.remove()
    },
  }
}

function settingsIn(folder: string): Record<string, string> {
  return {
    'authorizer.class.name': STANDARD_AUTHORIZER,
    'super.users': 'User:ANONYMOUS;User:alice',
    'allow.everyone.if.no.acl.found': 'true',
    'auto.create.topics.enable': 'false',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'connection.failed.authentication.delay.ms': String(FAILURE_DELAY_MS),
    'ssl.principal.mapping.rules': 'RULE:^CN=(.*?), ?O=(.*)$/$1@$2/L,RULE:^CN=(.*?)(,.*)?$/$1/,DEFAULT',
    ...Object.assign({}, ...(['sasl', 'renewed', 'sasltls'] as const).map(logins)),
    'listener.name.renewed.connections.max.reauth.ms': '3600000',
    ...identity('', 'server', folder),
    ...identity('listener.name.elsewhere.', 'elsewhere', folder),
    ...identity('listener.name.expired.', 'expired', folder),
    'listener.name.mtls.ssl.client.auth': 'required',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': `${stores}authority.pem`,
  }
}

function logins(listener: string): Record<string, string> {
  const modules = 'org.apache.kafka.common.security'
  const users = ['alice', 'bob'].map((name) => `user_${name}="${PASSWORD}"`).join(' ')
  const scram = `${modules}.scram.ScramLoginModule required;`
  return {
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `${modules}.plain.PlainLoginModule required ${users};`,
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: scram,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: scram,
  }
}

/** The key and the certificate in one file, as Kafka and its clients want them. */
export function identity(prefix: string, name: string, folder: string): Record<string, string> {
  const path = `${folder}/${name}.pem`
  writeFileSync(path, ['.key', '.pem'].map((end) => readFileSync(stores + name + end, 'utf8')).join(''))
  return { [`${prefix}ssl.keystore.type`]: 'PEM', [`${prefix}ssl.keystore.location`]: path }
}
