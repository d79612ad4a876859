import type { Api } from '../../../src/lib/protocol/api.ts'
import { describeProducers } from '../../../src/lib/protocol/apis/describe-producers.ts'
import { produce } from '../../../src/lib/protocol/apis/produce.ts'
import type { Json } from '../../replay/messages.ts'
import type { AskedBroker, MadeTopic } from './asked-broker.ts'
import { cutTo, nowMs, sealed, sentBatch } from './sent-batch.ts'

export type Answers = Record<string, Json>
export type Questions = (broker: AskedBroker) => Promise<Answers>

const produceApi = produce as unknown as Api
const DAY_MS = 86_400_000

export async function send(
  broker: AskedBroker,
  topic: MadeTopic,
  records: readonly (Buffer | null)[],
  { acks = -1, transactionalId = null as string | null, version = 13 } = {},
): Promise<Json> {
  const partitionData = records.map((batch, index) => ({ index, records: batch?.toString('base64') ?? null }))
  const named = version >= 13 ? { topicId: topic.topicId } : { name: topic.name }
  const request = { acks, transactionalId, timeoutMs: 1500, topicData: [{ ...named, partitionData }] }
  return broker.ask(produceApi, version, request)
}

async function sendEach(
  broker: AskedBroker,
  topic: MadeTopic,
  batches: Readonly<Record<string, Buffer>>,
): Promise<Answers> {
  const answers: Answers = {}
  for (const [title, batch] of Object.entries(batches)) answers[title] = await send(broker, topic, [batch])
  return answers
}

const header = () => cutTo(sentBatch(), 61)
const forged = (forge: (batch: Buffer) => void) => sentBatch([{}], {}, forge)
const counting = (batch: Buffer, count: number) => {
  batch.writeInt32BE(count - 1, 23)
  batch.writeInt32BE(count, 57)
  return sealed(batch)
}

const shapes = {
  plain: sentBatch(),
  'few bytes behind': Buffer.concat([sentBatch(), Buffer.alloc(11, 1)]),
  'zeros behind': Buffer.concat([sentBatch(), Buffer.alloc(100)]),
  'half a batch behind': Buffer.concat([sentBatch(), sentBatch().subarray(0, 40)]),
  'a whole batch behind': Buffer.concat([sentBatch(), sentBatch()]),
  'another magic behind': Buffer.concat([sentBatch(), forged((b) => b.writeInt8(9, 16))]),
  'length 13': forged((b) => b.writeInt32BE(13, 8)),
  'length 20': forged((b) => b.writeInt32BE(20, 8)),
  'length 49': forged((b) => b.writeInt32BE(49, 8)),
  'twenty bytes': sentBatch().subarray(0, 20),
  'a header alone': header(),
  'a header without records': counting(header(), 0),
  'count 2 of 1': counting(sentBatch(), 2),
  'count 1 of 2': counting(sentBatch([{}, {}]), 1),
  'count -1': forged((b) => b.writeInt32BE(-1, 57)),
  'last delta -5': forged((b) => b.writeInt32BE(-5, 23)),
  'deltas 5 and 7': counting(sentBatch([{ offset: 5 }, { offset: 7 }]), 2),
  'deltas 5 and 7, compressed': counting(sentBatch([{ offset: 5 }, { offset: 7 }], { codec: 'gzip' }), 2),
  'a record too long': forged((b) => b.writeInt8(0x7e, 61)),
  'a record of no length': forged((b) => b.writeInt8(0, 61)),
  'a key too long': forged((b) => b.writeInt8(0x70, 65)),
  'a key of length -2': forged((b) => b.writeInt8(3, 65)),
  'headers -1': forged((b) => b.writeInt8(1, b.length - 1)),
  'headers 3': forged((b) => b.writeInt8(6, b.length - 1)),
  'base offset -1': forged((b) => b.writeBigInt64BE(-1n, 0)),
  'an epoch of its own': forged((b) => b.writeInt32BE(-7, 12)),
  'a delete horizon': forged((b) => b.writeInt16BE(0x40, 21)),
  'an unknown attribute': forged((b) => b.writeInt16BE(0x4000, 21)),
  'producer -2': forged((b) => b.writeBigInt64BE(-2n, 43)),
  'a sequence without producer': forged((b) => b.writeInt32BE(5, 53)),
  'an epoch of -1': sentBatch([{}], { producerId: 77, producerEpoch: -1, baseSequence: 0 }),
  'a transaction without producer': sentBatch([{}], { isTransactional: true }),
  'a control batch': sentBatch([{}], { isControl: true }),
}

const times = {
  now: sentBatch(),
  old: sentBatch([{ timestamp: nowMs - DAY_MS }, {}, { timestamp: 5 }]),
  'in the future': sentBatch([{}, { timestamp: nowMs + DAY_MS }]),
  none: sentBatch([{ timestamp: -1 }]),
  negative: sentBatch([{ timestamp: -5 }]),
  'stamped by the client': forged((b) => b.writeInt16BE(8, 21)),
  'stamped by the client, compressed': sentBatch([{}, {}], { codec: 'gzip' }, (b) => b.writeInt16BE(9, 21)),
  'stamped by the client with no time': forged((b) => {
    b.writeInt16BE(8, 21)
    b.writeBigInt64BE(-1n, 35)
  }),
  'as early as can be': forged((b) => b.writeBigInt64BE(-(2n ** 63n), 27)),
  'as late as can be': forged((b) => b.writeBigInt64BE(2n ** 63n - 1n, 27)),
}

const keys = {
  none: sentBatch([{ key: null }, {}, { key: null }, { key: null }, { key: null }]),
  'none, in the future': sentBatch([{ key: null }, { timestamp: nowMs + DAY_MS }]),
  'none, compressed': sentBatch([{}, { key: null }], { codec: 'gzip' }),
  empty: sentBatch([{ key: '' }]),
}

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

async function ofCompression(broker: AskedBroker): Promise<Answers> {
  const answers: Answers = {}
  for (const target of ['producer', 'uncompressed', ...codecs.slice(1)]) {
    const topic = await broker.topic({ 'compression.type': target })
    for (const codec of codecs) {
      const whole = sentBatch([{}, { value: 'y'.repeat(100) }, { key: null }], { codec })
      answers[`${codec} to ${target}`] = await send(broker, topic, [Buffer.from(whole)])
      answers[`${codec} to ${target}, no bytes`] = await send(broker, topic, [cutTo(whole, 61)])
      answers[`${codec} to ${target}, cut`] = await send(broker, topic, [cutTo(whole, whole.length - 4)])
      answers[`${codec} to ${target}, one too many`] = await send(broker, topic, [counting(whole, 4)])
    }
  }
  return answers
}

async function ofSequences(broker: AskedBroker): Promise<Answers> {
  const topic = await broker.topic()
  const answers: Answers = {}
  const largest = 0x7fffffff
  const asked: [epoch: number, sequence: number, count?: number][] = [
    ...[
      [0, largest],
      [0, 0],
      [0, largest],
      [0, 1],
      [0, 0, 2],
      [3, 0],
      [2, 0],
      [3, 0],
      [3, 2],
      [4, 1],
    ],
    ...[1, 2, 3, 4, 5, 6, 7].map((sequence) => [3, sequence]),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((sequence) => [3, sequence]),
    ...[
      [5, 0],
      [5, 1, 3],
      [5, 1, 2],
      [5, 4],
    ],
  ] as [number, number, number?][]
  for (const [i, [producerEpoch, baseSequence, count = 1]] of asked.entries()) {
    const batch = sentBatch(Array(count).fill({}), { producerId: 4_000_000, producerEpoch, baseSequence })
    answers[`${i}: epoch ${producerEpoch}, ${count} from ${baseSequence}`] = await send(broker, topic, [
      batch,
    ])
  }
  const topics = [
    { name: topic.name, partitionIndexes: [0, 9] },
    { name: 'nowhere', partitionIndexes: [0] },
  ]
  answers.producers = await broker.ask(describeProducers as unknown as Api, 0, { topics })
  return answers
}

async function ofRequests(broker: AskedBroker): Promise<Answers> {
  const topic = await broker.topic({}, 2)
  const transactional = (producerId: number) =>
    sentBatch([{}], { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true })
  return {
    'one with another magic': await send(broker, topic, [sentBatch(), forged((b) => b.writeInt8(9, 16))]),
    'one of an impossible length': await send(broker, topic, [
      sentBatch(),
      forged((b) => b.writeInt32BE(5, 8)),
    ]),
    'one of a short length': await send(broker, topic, [sentBatch(), forged((b) => b.writeInt32BE(20, 8))]),
    'one transactional': await send(broker, topic, [sentBatch(), transactional(5)]),
    'acks 7, and one that is not there': await send(broker, topic, [sentBatch(), sentBatch(), sentBatch()], {
      acks: 7,
    }),
    'two producers': await send(broker, topic, [transactional(5), transactional(6)], {
      transactionalId: 'x',
    }),
    'a transactional id for nothing': await send(broker, topic, [sentBatch()], { transactionalId: 'x' }),
    'acks 0, refused': await send(broker, topic, [forged((b) => b.writeInt8(9, 16))], { acks: 0 }),
  }
}

const strict = { 'message.timestamp.before.max.ms': '100000', 'message.timestamp.after.max.ms': '50000' }
const stamped = { 'message.timestamp.type': 'LogAppendTime' }

export const produceQuestions: Readonly<Record<string, Questions>> = {
  'batches of odd shapes': async (broker) => sendEach(broker, await broker.topic(), shapes),
  times: async (broker) => sendEach(broker, await broker.topic(), times),
  'times within narrow limits': async (broker) => sendEach(broker, await broker.topic(strict), times),
  'times in a topic that stamps': async (broker) => sendEach(broker, await broker.topic(stamped), times),
  'keys in a compacted topic': async (broker) =>
    sendEach(broker, await broker.topic({ 'cleanup.policy': 'compact' }), keys),
  compression: ofCompression,
  sequences: ofSequences,
  'whole requests': ofRequests,
}
