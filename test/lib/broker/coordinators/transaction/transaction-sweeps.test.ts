import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../../../../src/lib/broker/coordinators/transaction/transaction.ts'
import type { TransactionShard } from '../../../../../src/lib/broker/coordinators/transaction/transaction-shard.ts'
import { TransactionSweeps } from '../../../../../src/lib/broker/coordinators/transaction/transaction-sweeps.ts'
import { FailedError } from '../../../../../src/lib/errors.ts'
import { SimClock } from '../../../../simulation/sim-clock.ts'

describe('a transaction whose time is over', () => {
  it('is aborted by a later sweep where the disk refuses at first', async () => {
    const clock = new SimClock()
    const open = [0, 1].map((producerId) => ({ producerId, state: 'Ongoing', startMs: 0, timeoutMs: 1 }))
    const shard = { all: () => open as unknown as Transaction[] } as unknown as TransactionShard
    const tried: number[] = []
    const sweeps = new TransactionSweeps({
      clock,
      configs: { int: () => 1000 },
      shards: () => [shard],
      abort: (_, { producerId }) => {
        tried.push(producerId)
        if (producerId === 0) throw new FailedError('disk-full', 'no space is left')
      },
    })
    sweeps.start()
    await clock.pass(2500)
    expect(tried).toEqual([0, 1, 0, 1])
    sweeps.stop()
    expect(clock.pending).toBe(0)
  })
})
