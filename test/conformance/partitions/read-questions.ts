import type { Api } from '../../../src/lib/protocol/api.ts'
import { deleteRecords } from '../../../src/lib/protocol/apis/delete-records.ts'
import { fetch } from '../../../src/lib/protocol/apis/fetch.ts'
import { listOffsets } from '../../../src/lib/protocol/apis/list-offsets.ts'
import { offsetForLeaderEpoch } from '../../../src/lib/protocol/apis/offset-for-leader-epoch.ts'
import { writeTxnMarkers } from '../../../src/lib/protocol/apis/write-txn-markers.ts'
import type { JsonObject } from '../../replay/messages.ts'
import type { AskedBroker, MadeTopic } from './asked-broker.ts'
import { type Answers, type Questions, send } from './produce-questions.ts'
import { sentBatch } from './sent-batch.ts'

const fetchApi = fetch as unknown as Api
const listOffsetsApi = listOffsets as unknown as Api
const deleteRecordsApi = deleteRecords as unknown as Api

function from(partition: number, fetchOffset: number, more: JsonObject = {}): JsonObject {
  return {
    ...{ partition, fetchOffset, partitionMaxBytes: 1_000_000 },
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1, logStartOffset: -1 },
    ...more,
  }
}

function ofIds(topic: MadeTopic, ...partitions: JsonObject[]): JsonObject {
  return { topicId: topic.topicId, partitions }
}

const FIRST_WITH_EPOCHS = 4
const defaults = { maxWaitMs: 100, minBytes: 1, maxBytes: 10_000_000, sessionEpoch: -1 }

async function ofFetch(broker: AskedBroker): Promise<Answers> {
  const topic = await broker.topic({}, 3)
  const other = await broker.topic()
  for (const value of ['one', 'two', 'three']) {
    await send(broker, topic, [sentBatch([{ value }, { value }]), sentBatch([{ value }])])
    await send(broker, other, [sentBatch([{ value }])])
  }
  const ask = (topics: JsonObject[], more: JsonObject = {}, version = 13) =>
    broker.ask(fetchApi, version, { ...defaults, topics, ...more })
  const one = (fetchOffset: number, more: JsonObject = {}) => ask([ofIds(topic, from(0, fetchOffset, more))])
  const all = ofIds(topic, from(0, 0))
  const replica = { replicaState: { replicaId: 5, replicaEpoch: 3 } }
  return {
    'a partition twice': await ask([ofIds(topic, from(0, 0), from(0, 4))]),
    'a topic twice': await ask([all, ofIds(topic, from(1, 0))]),
    'a topic twice, another between': await ask([all, ofIds(other, from(0, 0)), ofIds(topic, from(1, 0))]),
    nothing: await ask([]),
    'one byte': await ask([ofIds(topic, from(0, 0), from(1, 0))], { maxBytes: 1 }),
    'fewer than no bytes': await one(0, { partitionMaxBytes: -1 }),
    'fewer than no bytes at all': await ask([all], { maxBytes: -1 }),
    'no wait': await ask([ofIds(topic, from(0, 6))], { maxWaitMs: -1 }),
    'names, good and bad': await ask([{ topic: topic.name, partitions: [from(5, 0), from(0, 0)] }], {}, 12),
    'out of range, and another': await ask([ofIds(topic, from(0, 99), from(1, 0))]),
    'an unknown isolation level': await ask([all], { isolationLevel: 5 }),
    committed: await ask([all], { isolationLevel: 1 }),
    'offset -5': await one(-5),
    ...{
      'epoch 0': await one(0, { currentLeaderEpoch: 0 }),
      'epoch 4': await one(0, { currentLeaderEpoch: 4 }),
    },
    'last epoch 0': await one(2, { lastFetchedEpoch: 0 }),
    'last epoch 0, beyond': await one(20, { lastFetchedEpoch: 0 }),
    'last epoch 5': await one(2, { lastFetchedEpoch: 5 }),
    'last epoch -2': await one(2, { lastFetchedEpoch: -2 }),
    'a replica': await ask([all], replica, 17),
  }
}

async function ofSessions(broker: AskedBroker): Promise<Answers> {
  const topic = await broker.topic({}, 2)
  for (const value of ['one', 'two'])
    await send(broker, topic, [sentBatch([{ value }]), sentBatch([{ value }])])
  const opening = { ...defaults, sessionEpoch: 0, topics: [ofIds(topic, from(0, 0), from(1, 2))] }
  const { sessionId = 0 } = (await broker.answer(fetchApi, 13, opening)) as { sessionId?: number }
  const go = (sessionEpoch: number, topics: JsonObject[] = [], more: JsonObject = {}, version = 13) =>
    broker.ask(fetchApi, version, { ...defaults, sessionId, sessionEpoch, topics, ...more })
  const forgotten = (...partitions: number[]) => ({
    forgottenTopicsData: [{ topicId: topic.topicId, partitions }],
  })
  return {
    'the same again': await go(1),
    'a partition that is not there': await go(2, [ofIds(topic, from(7, 0), from(0, 2))]),
    'and again': await go(3),
    'out of range': await go(4, [ofIds(topic, from(0, 70))], forgotten(7)),
    'in range again': await go(5, [ofIds(topic, from(0, 2))]),
    'nothing new': await go(6),
    'another epoch': await go(9),
    'names instead of ids': await go(7, [], {}, 12),
    'forgotten and wanted': await go(7, [ofIds(topic, from(0, 0))], forgotten(0)),
    'the last one forgotten': await go(8, [], forgotten(1)),
    gone: await go(9),
    'no such session, ended': await go(-1, [ofIds(topic, from(0, 0))], { sessionId: 4242 }),
    'epoch -5': await go(-5),
  }
}

async function ofOffsets(broker: AskedBroker): Promise<Answers> {
  const topic = await broker.topic({}, 2)
  const { name } = topic
  for (const timestamp of [1000, 3000, 2000]) {
    await send(broker, topic, [sentBatch([{ timestamp }, { timestamp: timestamp + 1 }])])
  }
  const answers: Answers = {}
  const list = async (title: string, partition: JsonObject, more: JsonObject = {}, version = 11) => {
    const epoch = version >= FIRST_WITH_EPOCHS ? { currentLeaderEpoch: -1 } : {}
    const partitions = [{ partitionIndex: 0, ...epoch, timestamp: -1, ...partition }]
    const request = { replicaId: -1, topics: [{ name, partitions }], ...more }
    answers[title] = await broker.ask(listOffsetsApi, version, request)
  }
  const special = [-1, -2, -3, -4, -5, -6, -7]
  for (const version of [1, 4, 6, 7, 8, 9, 10, 11]) {
    for (const timestamp of special) await list(`v${version} ${timestamp}`, { timestamp }, {}, version)
  }
  for (const timestamp of [0, 1001, 1002, 2000, 3001, 3002]) await list(`${timestamp}`, { timestamp })
  for (const timestamp of [0, ...special]) await list(`empty ${timestamp}`, { timestamp, partitionIndex: 1 })
  for (const currentLeaderEpoch of [-2, 0, 5])
    await list(`epoch ${currentLeaderEpoch}`, { currentLeaderEpoch })
  for (const replicaId of [-2, 1, 9]) await list(`replica ${replicaId}`, {}, { replicaId })
  await list('isolation level 7', {}, { isolationLevel: 7 })
  await list('no such partition', { partitionIndex: 9 })
  for (const leaderEpoch of [-2, -1, 0, 1]) {
    const partitions = [0, 1, 5].map((partition) => ({ partition, currentLeaderEpoch: -1, leaderEpoch }))
    const request = { replicaId: -1, topics: [{ topic: name, partitions }] }
    answers[`end of ${leaderEpoch}`] = await broker.ask(offsetForLeaderEpoch as unknown as Api, 4, request)
  }
  for (const offset of [7, -2, 3, 1, -1]) {
    const topics = [{ name, partitions: [{ partitionIndex: 0, offset }] }]
    answers[`delete ${offset}`] = await broker.ask(deleteRecordsApi, 2, { topics, timeoutMs: 1000 })
    for (const timestamp of [-1, -2, -3, 0, 2000])
      await list(`${timestamp} after deleting ${offset}`, { timestamp })
  }
  return answers
}

async function ofMarkers(broker: AskedBroker): Promise<Answers> {
  const topic = await broker.topic()
  const answers: Answers = {}
  const mark = async (title: string, marker: JsonObject, version = 1) => {
    const topics = [{ name: topic.name, partitionIndexes: [0] }]
    const fields = { producerId: 900, producerEpoch: 0, transactionResult: true, coordinatorEpoch: 5 }
    const markers = [{ ...fields, topics, ...marker }]
    answers[title] = await broker.ask(writeTxnMarkers as unknown as Api, version, { markers })
  }
  const write = async (producerEpoch: number, baseSequence: number) => {
    const batch = sentBatch([{}], { producerId: 900, producerEpoch, baseSequence })
    answers[`epoch ${producerEpoch}, ${baseSequence}`] = await send(broker, topic, [batch])
  }
  await mark('of nobody', {})
  await mark('of an older coordinator', { coordinatorEpoch: 4 })
  await write(0, 3)
  await write(0, 0)
  await mark('of a newer epoch', { producerEpoch: 2 })
  await write(1, 0)
  await write(2, 4)
  await write(2, 0)
  await mark('of an older epoch', { producerEpoch: 1 })
  await mark('of the same epoch', { producerEpoch: 2, transactionVersion: 2 }, 2)
  await mark('of the next epoch', { producerEpoch: 3, transactionVersion: 2 }, 2)
  await mark('of no producer', { producerId: -1, producerEpoch: -1 })
  return answers
}

export const readQuestions: Readonly<Record<string, Questions>> = {
  fetches: ofFetch,
  'fetch sessions': ofSessions,
  'offsets, and their deletion': ofOffsets,
  'markers of transactions': ofMarkers,
}
