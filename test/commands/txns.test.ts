import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { kraft, zookeeper } from './golden-cluster.ts'

async function json(...args: string[]) {
  const { status, stdout } = await ktool(['txns', ...args, '-o', 'json'])
  return { status, ...JSON.parse(stdout.toString()) }
}

interface Row {
  readonly transactionalId: string
  readonly state: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly timeoutMs: number
  readonly startTimeMs: number | null
  readonly partitions: readonly string[]
}

describe('ktool txns', () => {
  it('lists what the broker said of each transactional id', async () => {
    const { items, status } = await json('list', ...kraft.flags)
    const rows = Object.fromEntries(
      items.map(
        ({ transactionalId, state, producerId, producerEpoch, timeoutMs, startTimeMs, partitions }: Row) => [
          transactionalId,
          {
            state,
            producerId,
            producerEpoch,
            timeoutMs,
            startTimeMs,
            partitions: partitions.map((each) => each.replace(':', '-')),
          },
        ],
      ),
    )
    expect({ status, rows }).toEqual({ status: 0, rows: kraft.answers.transactions })
    const said = kraft.cli('transactions').map(([id, , producerId, state]) => [id, Number(producerId), state])
    expect(items.map((row: Row) => [row.transactionalId, row.producerId, row.state])).toEqual(said.sort())
  })

  it('describes where a transaction is open', async () => {
    const { items, errors, status } = await json('describe', 'etl-2-open', 'nobody', ...kraft.flags)
    expect(status).toBe(1)
    expect(errors).toMatchObject([{ item: 'nobody', code: 'transactional-id-not-found' }])
    expect(items[0].open).toMatchObject([
      { topic: '__consumer_offsets', partition: 1, firstOffset: 17 },
      { topic: 'orders', partition: 1, firstOffset: 20, lastStable: 20 },
    ])
  })

  it('says in words where it blocks readers', async () => {
    const { stdout } = await ktool(['txns', 'describe', 'etl-2-open', ...kraft.flags])
    const open = stdout
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('OPEN'))
    expect(open).toEqual([
      'OPEN\t__consumer_offsets:1 from offset 17 on; readers of committed records stop there',
      'OPEN\torders:1 from offset 20 on; readers of committed records stop there',
    ])
  })

  it('finds the transactions that the broker had open, and that they block readers', async () => {
    const { items, status } = await json('hanging', ...kraft.flags)
    const open = Object.entries(kraft.answers.producers).flatMap(([name, producers]) =>
      producers
        .filter(({ currentTransactionStartOffset }) => currentTransactionStartOffset !== null)
        .map(({ producerId, currentTransactionStartOffset }) => [
          name,
          producerId,
          currentTransactionStartOffset,
        ]),
    )
    expect(status).toBe(0)
    expect(
      items.map((row: Row & { topic: string; partition: number; firstOffset: number }) => [
        `${row.topic}-${row.partition}`,
        row.producerId,
        row.firstOffset,
      ]),
    ).toEqual(open)
    expect(items[1]).toMatchObject({
      transactionalId: 'etl-2-open',
      state: 'Ongoing',
      holdsLastStable: true,
      lastStable: 20,
      verdict: 'open',
      reason: 'its timeout has passed: its coordinator aborts it once it runs',
    })
  })

  it('cannot tell whose a transaction is without all of the coordinators’ log', async () => {
    const [, , , second = ''] = kraft.flags
    const { items, errors, status } = await json('hanging', 'orders', '--log-dir', second)
    expect(status).toBe(1)
    expect(items).toMatchObject([
      { topic: 'orders', partition: 1, verdict: 'unknown', transactionalId: null },
    ])
    expect(errors).toMatchObject([{ item: '__transaction_state', code: 'partition-not-here' }])
  })

  it('reads a log of the time of ZooKeeper', async () => {
    const { items, status } = await json('list', '--state', 'CompleteCommit', ...zookeeper.flags)
    expect(status).toBe(0)
    expect(items.length).toBeGreaterThan(0)
  })
})
