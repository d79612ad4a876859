import { describe, expect, it } from 'vitest'
import { describeProducers } from '../../../../src/lib/protocol/apis/describe-producers.ts'
import { describeTransactions } from '../../../../src/lib/protocol/apis/describe-transactions.ts'
import { listTransactions } from '../../../../src/lib/protocol/apis/list-transactions.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { jsonLive } from '../../../support/run-live.ts'
import { answers, type ScriptedAnswer, scriptedPeer } from '../../../support/scripted-peer.ts'

const LOADING = 14
const MINUTE_MS = 60_000n

const leader = (port: () => number) =>
  answers(
    metadata,
    () => ({
      ...{ clusterId: 'c', controllerId: 1 },
      brokers: [{ nodeId: 1, host: '127.0.0.1', port: port(), rack: null }],
      topics: [
        {
          ...{ errorCode: 0, name: 'orders' },
          partitions: [
            {
              ...{ errorCode: 0, partitionIndex: 0, leaderId: 1 },
              ...{ replicaNodes: [1], isrNodes: [1], offlineReplicas: [] },
            },
          ],
        },
      ],
    }),
    { max: 9 },
  )

const open = (lastTimestamp: bigint) =>
  answers(describeProducers, ({ topics }) => ({
    topics: topics.map(({ name }) => ({
      name,
      partitions: [
        {
          ...{ partitionIndex: 0, errorCode: 0 },
          activeProducers: [
            {
              producerId: 7n,
              producerEpoch: 3,
              lastTimestamp,
              coordinatorEpoch: -1,
              currentTxnStartOffset: 40n,
            },
            { producerId: 8n, producerEpoch: 0, lastTimestamp, coordinatorEpoch: 2 },
          ],
        },
      ],
    })),
  }))

const listed = (ids: readonly string[], errorCode = 0) =>
  answers(listTransactions, () => ({
    ...{ errorCode, unknownStateFilters: [] },
    transactionStates: ids.map((transactionalId) => ({
      ...{ transactionalId, producerId: 7n, transactionState: 'Ongoing' },
    })),
  }))

const described = (topics: { topic: string; partitions: number[] }[]) =>
  answers(describeTransactions, ({ transactionalIds }) => ({
    transactionStates: transactionalIds.map((transactionalId) => ({
      ...{ errorCode: 0, transactionalId, transactionState: 'Ongoing', transactionTimeoutMs: 60_000 },
      ...{ transactionStartTimeMs: BigInt(Date.now()), producerId: 7n, producerEpoch: 3, topics },
    })),
  }))

async function hanging(table: readonly ScriptedAnswer[], ...args: string[]) {
  let port = 0
  await using peer = await scriptedPeer([leader(() => port), ...table])
  port = peer.port
  const run = await jsonLive('txns hanging', peer.bootstrap, ['orders', ...args])
  return { ...run, asked: peer.of(listTransactions) }
}

const longAgo = BigInt(Date.now()) - 20n * MINUTE_MS
const justNow = BigInt(Date.now()) - MINUTE_MS

describe('a transaction hangs', () => {
  it('where no transactional id has its producer id, and it was last written to before the longest timeout', async () => {
    const { items, status, asked } = await hanging([open(longAgo), listed([])])
    expect(status).toBe(3)
    expect(items).toMatchObject([
      {
        ...{ topic: 'orders', partition: 0, producerId: 7, firstOffset: 40, verdict: 'hanging' },
        ...{ holdsLastStable: true, transactionalId: null },
      },
    ])
    expect(asked).toMatchObject([{ question: { producerIdFilters: [7n] } }])
  })

  it('where its coordinator knows nothing of the partition', async () => {
    const table = [open(longAgo), listed(['etl']), described([{ topic: 'orders', partitions: [1] }])]
    const { items } = await hanging(table)
    expect(items).toMatchObject([{ verdict: 'hanging', transactionalId: 'etl' }])
  })

  it('not yet, as long as it may be on its way, which can be said otherwise', async () => {
    const { items, status } = await hanging([open(justNow), listed([])])
    expect(status).toBe(0)
    expect(items).toMatchObject([{ verdict: 'open', reason: expect.stringContaining('less than 15m ago') }])
    const strict = await hanging([open(justNow), listed([])], '--max-timeout', '10s')
    expect(strict.items).toMatchObject([{ verdict: 'hanging' }])
  })

  it('not where its coordinator has it under way here', async () => {
    const table = [open(longAgo), listed(['etl']), described([{ topic: 'orders', partitions: [0] }])]
    expect((await hanging(table)).items).toMatchObject([{ verdict: 'open', reason: 'under way' }])
  })

  it('perhaps, where a coordinator cannot tell', async () => {
    const { items, status, json } = await hanging([open(longAgo), listed([], LOADING)], '--timeout', '150ms')
    expect(items).toMatchObject([{ verdict: 'unknown' }])
    expect(status).toBe(1)
    expect(json.errors).toMatchObject([{ item: 'broker 1', code: 'coordinator-load-in-progress' }])
  })
})
