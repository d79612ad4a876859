// kafkajs.
import { setTimeout } from 'node:timers/promises'
import kafkajs from 'kafkajs'

const [bootstrap, prefix] = process.argv.slice(2)
const [topic, copies, group] = [`${prefix}-orders`, `${prefix}-copies`, `${prefix}-group`]
const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = kafkajs
const kafka = new Kafka({ clientId: 'conformance', brokers: [bootstrap], logLevel: logLevel.NOTHING })
const seen = {}

const admin = kafka.admin()
await admin.connect()
await admin.createTopics({
  topics: [
    { topic, numPartitions: 3 },
    { topic: copies, numPartitions: 1, configEntries: [{ name: 'retention.ms', value: '86400000' }] },
  ],
})
const described = await admin.fetchTopicMetadata({ topics: [topic] })
seen.created = described.topics[0].partitions.length
const configs = await admin.describeConfigs({
  includeSynonyms: false,
  resources: [{ type: ConfigResourceTypes.TOPIC, name: copies, configNames: ['retention.ms'] }],
})
seen.retentionMs = Number(configs.resources[0].configEntries[0].configValue)

const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
await producer.connect()
const messages = Array.from({ length: 300 }, (_, i) => ({ key: `k${i % 30}`, value: `v${i}` }))
const sent = await producer.send({ topic, acks: -1, compression: CompressionTypes.GZIP, messages })
seen.produced = sent.every(({ errorCode }) => errorCode === 0) ? messages.length : 0
await producer.disconnect()

const values = new Set()
const assigned = new Map()
const members = []
for (const id of [1, 2]) {
  const member = kafka.consumer({ groupId: group, heartbeatInterval: 300, rebalanceTimeout: 10_000 })
  member.on(member.events.GROUP_JOIN, ({ payload }) => {
    assigned.set(id, payload.memberAssignment[topic]?.length ?? 0)
  })
  await member.connect()
  await member.subscribe({ topics: [topic], fromBeginning: true })
  await member.run({ eachMessage: async ({ message }) => void values.add(message.value.toString()) })
  members.push(member)
}
const isShared = () => assigned.size === 2 && [...assigned.values()].every((count) => count > 0)
for (let turn = 0; turn < 400 && !(values.size === 300 && isShared()); turn++) await setTimeout(100)
seen.consumed = values.size
seen.shared = isShared()
for (const member of members) await member.disconnect()
const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
seen.committed = partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)

const transactional = kafka.producer({
  transactionalId: `${prefix}-tx`,
  idempotent: true,
  maxInFlightRequests: 1,
})
await transactional.connect()
for (const outcome of ['commit', 'abort', 'commit']) {
  const transaction = await transactional.transaction()
  for (let i = 0; i < 5; i++)
    await transaction.send({ topic: copies, messages: [{ value: `${outcome}-${i}` }] })
  await transaction[outcome]()
}
await transactional.disconnect()
const read = []
const reader = kafka.consumer({ groupId: `${group}-reader`, readUncommitted: false })
await reader.connect()
await reader.subscribe({ topics: [copies], fromBeginning: true })
await reader.run({ eachMessage: async ({ message }) => void read.push(message.value.toString()) })
for (let turn = 0; turn < 200 && read.length < 10; turn++) await setTimeout(100)
await reader.disconnect()
seen.transactions = [read.length, read.filter((value) => value.startsWith('abort')).length]

await admin.deleteTopics({ topics: [topic, copies] })
for (let turn = 0; turn < 100 && (await admin.listTopics()).includes(topic); turn++) await setTimeout(50)
seen.deleted = !(await admin.listTopics()).includes(topic)
await admin.disconnect()
console.log(JSON.stringify(seen))
