import { describe, expect, it } from 'vitest'
import { liveOffsets } from '../../../../src/lib/client/views/offset-views.ts'
import type { TopicPartition } from '../../../../src/lib/model/groups.ts'
import type { OffsetsView } from '../../../../src/lib/model/offsets.ts'
import type { ResponseOf } from '../../../../src/lib/protocol/api.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { listOffsets } from '../../../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { clusterAt } from '../../../support/live-writer.ts'
import { answers, type ScriptedAnswer, SILENCE, scriptedPeer } from '../../../support/scripted-peer.ts'

const LEADER_NOT_AVAILABLE = 5

type Topics = NonNullable<ResponseOf<typeof metadata>['topics']>

const partition = (
  partitionIndex: number,
  leaderId: number,
): NonNullable<Topics[number]['partitions']>[number] => ({
  ...{ partitionIndex, leaderId, replicaNodes: [1, 2], isrNodes: [], offlineReplicas: [] },
  errorCode: leaderId < 0 ? LEADER_NOT_AVAILABLE : 0,
})

/** Two brokers, of which each leads a partition, and nobody the third. */
const topics: Topics = [
  { errorCode: 0, name: 'orders', partitions: [partition(0, 1), partition(1, 2), partition(2, -1)] },
]

const offsets = answers(listOffsets, (question) => ({
  topics: question.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, timestamp }) => ({
      ...{ partitionIndex, errorCode: 0, timestamp: -1n, offset: timestamp === -2n ? 0n : 10n },
    })),
  })),
}))

const silent = answers(listOffsets, () => SILENCE)

async function withTwo<T>(
  first: readonly ScriptedAnswer[],
  second: readonly ScriptedAnswer[],
  ask: (view: OffsetsView) => Promise<T>,
): Promise<T> {
  const brokers = (): { nodeId: number; host: string; port: number; rack: null }[] => [
    { nodeId: 1, host: '127.0.0.1', port: one.port, rack: null },
    { nodeId: 2, host: '127.0.0.1', port: two.port, rack: null },
  ]
  const known = answers(metadata, () => ({ brokers: brokers(), clusterId: 'c', controllerId: 1, topics }), {
    max: 9,
  })
  await using one = await scriptedPeer([known, ...first])
  await using two = await scriptedPeer([known, ...second], { nodeId: 2 })
  const cluster = clusterAt(one.bootstrap, 400)
  try {
    return await ask(liveOffsets(cluster))
  } finally {
    await cluster.close()
  }
}

const orders = (...numbers: number[]): TopicPartition[] =>
  numbers.map((partition) => ({ topic: 'orders', partition }))

describe('offsets of a cluster that is not well', () => {
  it('are told of the partitions that answer, beside one without a leader and one whose leader hangs', async () => {
    const found = await withTwo([offsets], [silent], (view) => view.offsets(orders(0, 1, 2)))
    expect(found[0]).toMatchObject({ reason: null, highWatermark: { value: 10 }, logStart: { value: 0 } })
    expect(found[1]?.reason).toMatch(/broker 2 at 127\.0\.0\.1:\d+ did not answer ListOffsets within/)
    expect(found[2]?.reason).toBe('it has no leader; its replicas are on brokers 1, 2')
  })

  it('are not asked for what a broker is too old for', async () => {
    const old = { ...offsets, versions: { min: 0, max: 5 } }
    const found = await withTwo([old], [offsets], (view) => view.find(orders(0, 1), { kind: 'max' }))
    expect(found[0]?.reason).toMatch(
      /is too old to be asked for "max": it does not serve version 7 of ListOffsets; Kafka 3\.0 and later do$/,
    )
    expect(found[1]).toMatchObject({ offset: { value: 10 }, reason: null })
  })
})

describe('the first record that somebody would get', () => {
  const batch = (baseOffset: number, timestamp: number) => {
    const writer = new BatchWriter({ baseOffset, lastOffset: baseOffset + 4 })
    writer.append({ offset: baseOffset, timestamp, key: null, value: null })
    return writer.finish()
  }
  const answered = (records: (fetchOffset: bigint) => Buffer) =>
    answers(fetch, (question) => ({
      ...{ errorCode: 0, sessionId: 0 },
      responses: question.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition: partitionIndex, fetchOffset }) => ({
          ...{ partitionIndex, errorCode: 0, highWatermark: 20n, abortedTransactions: [] },
          records: records(fetchOffset),
        })),
      })),
    }))
  const first = (records: (fetchOffset: bigint) => Buffer, offset: number) =>
    withTwo([answered(records)], [], (view) => view.firstRecords([{ topic: 'orders', partition: 0, offset }]))

  it('is in the next batch where the rest of this one was compacted away', async () => {
    const found = await first((from) => (from < 5n ? batch(0, 100) : batch(5, 200)), 2)
    expect(found).toMatchObject([{ timestampMs: 200, reason: null }])
  })

  it('is not known where its batch is damaged', async () => {
    const damaged = batch(0, 100)
    damaged.writeUInt8(damaged.readUInt8(40) ^ 1, 40)
    const [found] = await first(() => damaged, 0)
    expect(found?.timestampMs).toBeNull()
    expect(found?.reason).toContain('its CRC is')
  })

  it('is not waited for where the broker gives nothing, whatever it is asked', async () => {
    const [found] = await first(() => Buffer.alloc(0), 0)
    expect(found).toMatchObject({ timestampMs: null, reason: 'the broker gives no records of it' })
  })
})
