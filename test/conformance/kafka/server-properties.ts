export interface Ports {
  plain: number
  tls: number
  sasl: number
  saslTls: number
  controller: number
}

/** Of the key store, which lives as long as the broker. */
export const password = 'conformance'

export const users = {
  alice: { mechanism: 'SCRAM-SHA-256', secret: 'alice-secret' },
  bob: { mechanism: 'SCRAM-SHA-512', secret: 'bob-secret' },
  carol: { mechanism: 'PLAIN', secret: 'carol-secret' },
} as const

/** Nobody waits for more members; and a test may have those of a group of its own fall silent soon. */
export const groupSettings = {
  'group.initial.rebalance.delay.ms': '0',
  'group.consumer.min.session.timeout.ms': '100',
  'group.consumer.min.heartbeat.interval.ms': '100',
}

export function serverProperties(ports: Ports, logDir: string, keyStore: string): string {
  const entries = { ...node(ports, logDir), ...tls(keyStore), ...sasl('sasl_plaintext'), ...sasl('sasl_ssl') }
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

function node(ports: Ports, logDir: string): Record<string, string | number> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: [
      `PLAINTEXT://127.0.0.1:${ports.plain}`,
      `SSL://127.0.0.1:${ports.tls}`,
      `SASL_PLAINTEXT://127.0.0.1:${ports.sasl}`,
      `SASL_SSL://127.0.0.1:${ports.saslTls}`,
      `CONTROLLER://127.0.0.1:${ports.controller}`,
    ].join(','),
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      'SSL:SSL',
      'SASL_PLAINTEXT:SASL_PLAINTEXT',
      'SASL_SSL:SASL_SSL',
      'CONTROLLER:PLAINTEXT',
    ].join(','),
    'log.dirs': logDir,
    'log.index.size.max.bytes': 1 << 16,
    // The tests' records are of any age; none shall be deleted while somebody looks at them.
    'log.retention.ms': -1,
    'auto.create.topics.enable': 'false',
    ...groupSettings,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Groups of every kind, so that every group API answers.
    'group.coordinator.rebalance.protocols': 'classic,consumer,streams,share',
  }
}

function tls(keyStore: string): Record<string, string> {
  return {
    'ssl.keystore.location': keyStore,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.password': password,
    'ssl.client.auth': 'none',
  }
}

function sasl(listener: string): Record<string, string> {
  const modules = 'org.apache.kafka.common.security'
  const scram = `${modules}.scram.ScramLoginModule required;`
  const plain = `${modules}.plain.PlainLoginModule required user_carol="${users.carol.secret}";`
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: scram,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: scram,
    [`listener.name.${listener}.plain.sasl.jaas.config`]: plain,
  }
}
