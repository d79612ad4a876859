// @platformatic/kafka.
import { setTimeout } from 'node:timers/promises'
import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  FetchIsolationLevels,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'

const [bootstrap, prefix, protocol] = process.argv.slice(2)
// The newer protocol (KIP-848) leaves heartbeats and sessions to the broker.
const isModern = protocol === 'consumer'
const classic = { heartbeatInterval: 300, rebalanceTimeout: 10_000, sessionTimeout: 10_000 }
const [topic, copies, group] = [`${prefix}-orders`, `${prefix}-copies`, `${prefix}-group`]
const shared = { clientId: 'conformance', bootstrapBrokers: [bootstrap] }
const seen = {}

const admin = new Admin(shared)
await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 })
await admin.createTopics({
  topics: [copies],
  partitions: 1,
  replicas: 1,
  configs: [{ name: 'retention.ms', value: '86400000' }],
})
const metadata = await admin.metadata({ topics: [topic], forceUpdate: true })
seen.created = metadata.topics.get(topic).partitionsCount
const [described] = await admin.describeConfigs({
  resources: [
    { resourceType: ConfigResourceTypes.TOPIC, resourceName: copies, configurationKeys: ['retention.ms'] },
  ],
})
seen.retentionMs = Number(described.configs.find(({ name }) => name === 'retention.ms').value)

const producer = new Producer({ ...shared, serializers: stringSerializers, idempotent: true })
const messages = Array.from({ length: 300 }, (_, i) => ({ topic, key: `k${i % 30}`, value: `v${i}` }))
await producer.send({ messages, acks: -1, compression: 'gzip' })
seen.produced = messages.length
await producer.close()

const values = new Set()
const members = []
for (let i = 0; i < 2; i++) {
  const member = new Consumer({
    ...shared,
    groupId: group,
    deserializers: stringDeserializers,
    ...(isModern ? { groupProtocol: 'consumer' } : classic),
  })
  const stream = await member.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: true,
  })
  stream.on('data', ({ value }) => values.add(value))
  stream.on('error', () => {})
  members.push(member)
}
const isShared = () => members.every(({ assignments }) => (assignments?.[0]?.partitions.length ?? 0) > 0)
for (let turn = 0; turn < 300 && !(values.size === 300 && isShared()); turn++) await setTimeout(100)
seen.consumed = values.size
seen.shared = isShared()
for (const member of members) await member.close(true)
const [offsets] = await admin.listConsumerGroupOffsets({ groups: [group] })
seen.committed = offsets.topics
  .flatMap(({ partitions }) => partitions)
  .reduce((sum, { committedOffset }) => sum + Math.max(0, Number(committedOffset)), 0)

if (!isModern) await transact()

await admin.deleteTopics({ topics: [topic, copies] })
for (let turn = 0; turn < 100 && (await admin.listTopics()).includes(topic); turn++) await setTimeout(50)
seen.deleted = !(await admin.listTopics()).includes(topic)
await admin.close()
console.log(JSON.stringify(seen))

async function transact() {
  const transactional = new Producer({
    ...shared,
    serializers: stringSerializers,
    idempotent: true,
    transactionalId: `${prefix}-tx`,
  })
  for (const outcome of ['commit', 'abort', 'commit']) {
    const transaction = await transactional.beginTransaction()
    for (let i = 0; i < 5; i++)
      await transaction.send({ messages: [{ topic: copies, value: `${outcome}-${i}` }] })
    await transaction[outcome]()
  }
  await transactional.close()
  const read = []
  const reader = new Consumer({
    ...shared,
    groupId: `${group}-reader`,
    deserializers: stringDeserializers,
    isolationLevel: FetchIsolationLevels.READ_COMMITTED,
  })
  const stream = await reader.consume({ topics: [copies], mode: 'earliest' })
  stream.on('data', ({ value }) => read.push(value))
  for (let turn = 0; turn < 200 && read.length < 10; turn++) await setTimeout(100)
  await reader.close(true)
  seen.transactions = [read.length, read.filter((value) => value.startsWith('abort')).length]
}
