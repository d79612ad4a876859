import { expect, it } from 'vitest'
import { kafkaProperties } from '../../../../src/lib/broker/handover/kafka-properties.ts'
import type { LeftDirectory } from '../../../../src/lib/broker/handover/left-directory.ts'

const left: LeftDirectory = {
  logDirs: ['/data'],
  metadataDir: '/data',
  nodeId: 7,
  clusterId: 'abc',
  features: new Map([['metadata.version', 30]]),
  endpoints: [],
  voterPort: null,
  hasVotersInLog: false,
  isClean: true,
  keyFile: null,
  aclCount: 0,
  tokenCount: 0,
  mechanisms: [],
}
const wish = { settings: new Map<string, string>(), listeners: [], advertised: [], controllerPort: undefined }
const endpoint = (name: string, host: string, port: number, securityProtocol: string) => ({
  ...{ name, host, port, securityProtocol },
})

function propertiesOf(more: Partial<LeftDirectory>, settings: Record<string, string> = {}) {
  const { properties, toDo } = kafkaProperties(
    { ...left, ...more },
    { ...wish, settings: new Map(Object.entries(settings)) },
  )
  return { properties: Object.fromEntries(properties), toDo }
}

it('A quorum that keeps its voters in its log goes on at the port that stands there', () => {
  const { properties } = propertiesOf({ hasVotersInLog: true, voterPort: 9393 })
  expect(properties).toMatchObject({
    'controller.quorum.bootstrap.servers': '127.0.0.1:9393',
    listeners: 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9393',
  })
  expect(properties).not.toHaveProperty('controller.quorum.voters')
})

it('A controller takes no port and no name that a listener has', () => {
  const endpoints = [
    endpoint('CONTROLLER', '127.0.0.1', 9093, 'PLAINTEXT'),
    endpoint('B', '127.0.0.1', 9094, 'PLAINTEXT'),
  ]
  const { properties } = propertiesOf({ endpoints })
  expect(properties['controller.quorum.voters']).toBe('7@127.0.0.1:9095')
  expect(properties['controller.listener.names']).toBe('KRAFT_CONTROLLER')
})

it('Users that log in by SCRAM can, those of TLS are told what is missing, and ACLs do not stay behind unsaid', () => {
  const endpoints = [
    endpoint('SAFE', 'kafka.example', 9094, 'SASL_SSL'),
    endpoint('PLAINTEXT', '127.0.0.1', 9092, 'PLAINTEXT'),
  ]
  const security = { endpoints, mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-512'], aclCount: 3, tokenCount: 1 }
  const { properties, toDo } = propertiesOf(security)
  expect(properties).toMatchObject({
    listeners: 'SAFE://0.0.0.0:9094,PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
    'advertised.listeners': 'SAFE://kafka.example:9094,PLAINTEXT://127.0.0.1:9092',
    'listener.security.protocol.map': 'SAFE:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.safe.scram-sha-256.sasl.jaas.config': expect.stringContaining(
      'ScramLoginModule required;',
    ),
  })
  expect(toDo.join('\n')).toMatch(
    /SAFE: add ssl\.keystore\.type.*\n.*PLAIN.*\n3 ACLs are kept.*\n1 delegation tokens/,
  )

  expect(propertiesOf({ ...security, keyFile: '/data/broker.pem' }).properties).toMatchObject({
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': '/data/broker.pem',
  })
  const given = {
    'super.users': 'User:ANONYMOUS',
    'ssl.keystore.location': '/keys.p12',
    'delegation.token.secret.key': 's',
    'sasl.enabled.mechanisms': 'PLAIN',
  }
  const told = propertiesOf(security, given)
  expect(told.properties).toMatchObject({
    ...given,
    'authorizer.class.name': expect.stringContaining('StandardAuthorizer'),
  })
  expect(told.toDo).toEqual([expect.stringContaining('PLAIN')])
})
