import { setTimeout } from 'node:timers/promises'
import { describe, expect, inject, it } from 'vitest'
import { alterClientQuotas } from '../../src/lib/protocol/apis/alter-client-quotas.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { sentBatch } from '../lib/broker/apis/record-batches.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { Connection } from './wire/connection.ts'
import { createTopic } from './wire/topics.ts'

const { ports } = inject('kafka')
const TOPIC = 'quotas'
/** A window's rate depends on when in it somebody asks, and here on how busy the machine is. */
const TOLERANCE_MS = 1500

interface Answered {
  readonly errors: readonly number[]
  readonly throttleTimeMs: number
}

/** Once all have heard of the quota: a broker of Kafka does a moment after its controller. */
const HEARD_MS = 500

async function story(port: number): Promise<Record<string, Answered>> {
  const admin = await Connection.open(port)
  await createTopic(admin, TOPIC)
  const told: Record<string, Answered> = {}
  const set = async (key: string, value: number | null) => {
    const entity = [{ entityType: 'client-id', entityName: 'ktool-test' }]
    const ops = [{ key, value: value ?? 0, remove: value === null }]
    await admin.ask(alterClientQuotas, 1, { entries: [{ entity, ops }] })
    await setTimeout(HEARD_MS)
  }
  await set('producer_byte_rate', 2000)
  told['a first portion'] = await produced(port, 10_000)
  told['too much'] = await produced(port, 40_000)
  await set('producer_byte_rate', null)
  await set('consumer_byte_rate', 4000)
  told['a first look'] = await fetched(port)
  told['a look too many'] = await fetched(port)
  await set('consumer_byte_rate', null)
  await set('controller_mutation_rate', 1)
  told['topics of a burst'] = await created(port, 7, 'quotas-burst', 14)
  told['a topic too many'] = await created(port, 7, 'quotas-refused', 1)
  told['a topic too many, of an older client'] = await created(port, 5, 'quotas-older', 4)
  told['deleted too soon'] = await deleted(port, ['quotas-burst'])
  await set('controller_mutation_rate', null)
  told.deleted = await deleted(port, ['quotas-burst', 'quotas-older'])
  admin.close()
  return told
}

/** On a connection of its own, since one that is held back is not heard. */
async function asking<T>(port: number, ask: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.open(port)
  return ask(connection).finally(() => connection.close())
}

async function produced(port: number, sizeBytes: number): Promise<Answered> {
  const records = sentBatch([{ timestamp: Date.now(), value: 'x'.repeat(sizeBytes) }])
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
  const { throttleTimeMs, responses } = await asking(port, (connection) =>
    connection.ask(produce, 9, { transactionalId: null, acks: 1, timeoutMs: 5000, topicData }),
  )
  const errors = responses.flatMap(({ partitionResponses }) =>
    partitionResponses.map((each) => each.errorCode),
  )
  return { errors, throttleTimeMs }
}

async function fetched(port: number): Promise<Answered> {
  const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 30_000 }]
  const { throttleTimeMs, responses } = await asking(port, (connection) =>
    connection.ask(fetch, 12, {
      maxBytes: 30_000,
      sessionEpoch: -1,
      topics: [{ topic: TOPIC, partitions }],
    }),
  )
  const errors = responses.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorCode))
  return { errors, throttleTimeMs }
}

async function created(port: number, version: number, name: string, partitions: number): Promise<Answered> {
  const topics = [{ name, numPartitions: partitions, replicationFactor: -1 }]
  const answer = await asking(port, (connection) =>
    connection.ask(createTopics, version, { topics, timeoutMs: 5000 }),
  )
  return {
    errors: answer.topics.map(({ errorCode }) => errorCode),
    throttleTimeMs: answer.throttleTimeMs,
  }
}

async function deleted(port: number, names: readonly string[]): Promise<Answered> {
  const { responses, throttleTimeMs } = await asking(port, (connection) =>
    connection.ask(deleteTopics, 6, { topics: names.map((name) => ({ name })), timeoutMs: 5000 }),
  )
  return { errors: responses.map(({ errorCode }) => errorCode), throttleTimeMs }
}

describe('quotas', () => {
  it('hold the same clients back, for as long as those of Kafka', async () => {
    await using rig = await brokerInProcess()
    const [kafka, ours] = await Promise.all([story(ports.plain), story(rig.port)])
    const errorsOf = (told: typeof ours) => Object.entries(told).map(([title, { errors }]) => [title, errors])
    expect(errorsOf(ours)).toEqual(errorsOf(kafka))
    const isHeld = (told: typeof ours) =>
      Object.entries(told).map(([title, { throttleTimeMs }]) => [title, throttleTimeMs > 0])
    expect(isHeld(ours)).toEqual(isHeld(kafka))
    for (const [title, { throttleTimeMs }] of Object.entries(kafka)) {
      const differenceMs = Math.abs(throttleTimeMs - (ours[title]?.throttleTimeMs ?? 0))
      expect(differenceMs, `${title}: ${throttleTimeMs} and ${ours[title]?.throttleTimeMs}`).toBeLessThan(
        TOLERANCE_MS,
      )
    }
  })
})
