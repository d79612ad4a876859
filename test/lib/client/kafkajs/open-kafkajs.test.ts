import { once } from 'node:events'
import { expect, it } from 'vitest'
import { openKafkajs } from '../../../../src/lib/client/kafkajs/open-kafkajs.ts'
import type { ClusterSettings } from '../../../../src/lib/config/cluster-settings.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'

const settings = {
  clientId: 'ktool',
  tls: null,
  sasl: null,
  timeoutMs: 10_000,
  context: null,
} satisfies Omit<ClusterSettings, 'bootstrap'>

it('writes and reads all four codecs through kafkajs', async () => {
  await using broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
  const bootstrap = [{ host: '127.0.0.1', port: broker.port }]
  const { kafka, library } = await openKafkajs({ ...settings, bootstrap }, { log: null })
  const admin = kafka.admin()
  await admin.createTopics({ topics: [{ topic: 'codecs', numPartitions: 1 }] })
  const { GZIP, LZ4, Snappy, ZSTD } = library.CompressionTypes
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: library.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  for (const compression of [GZIP, Snappy, LZ4, ZSTD]) {
    await producer.send({
      topic: 'codecs',
      compression,
      messages: [{ value: `${compression}`.repeat(1000) }],
    })
  }
  const consumer = kafka.consumer({ groupId: 'codecs', allowAutoTopicCreation: false })
  await consumer.subscribe({ topics: ['codecs'], fromBeginning: true })
  const read: string[] = []
  const all = new AbortController()
  await consumer.run({
    eachMessage: async ({ message }) => {
      read.push(String(message.value?.subarray(0, 2)))
      if (read.length === 4) all.abort()
    },
  })
  await once(all.signal, 'abort')
  expect(read).toEqual(['11', '22', '33', '44'])
  await Promise.all([consumer.disconnect(), producer.disconnect(), admin.disconnect()])
})

it('says that kafkajs cannot be given an IPv6 address', async () => {
  const bootstrap = [{ host: '::1', port: 9092 }]
  await expect(openKafkajs({ ...settings, bootstrap }, { log: null })).rejects.toMatchObject({
    code: 'ipv6-bootstrap',
    hint: 'say localhost:9092',
  })
})
