import { describe, expect, it } from 'vitest'
import { LogDirMoves } from '../../../../src/lib/changes/reassign/log-dir-moves.ts'
import { ConnectionError } from '../../../../src/lib/errors.ts'
import type { Changers } from '../../../../src/lib/model/changers.ts'

const step = {
  item: 'orders:0',
  action: 'move',
  before: { replicas: [1], logDirs: ['/a'] },
  after: { replicas: [1], logDirs: ['/b'] },
}

/** Broker 1 is away from 1 s to 9 s, sees the copy again a second later, and has done it at 12 s. */
function restarting() {
  let nowMs = 0
  const replica = (directory: string, isFuture: boolean) => {
    return { topic: 'orders', partition: 0, broker: 1, directory, isFuture, sizeBytes: 9 }
  }
  const replicas = () => {
    if (nowMs >= 12_000) return [replica('/b', false)]
    const isCopying = nowMs < 1000 || nowMs >= 10_000
    return [replica('/a', false), ...(isCopying ? [replica('/b', true)] : [])]
  }
  const isAway = () => nowMs >= 1000 && nowMs < 9000
  const gone = new ConnectionError('connection-refused', 'nobody listens')
  const reassignments = {
    nowMs: () => nowMs,
    rest: async (forMs: number) => {
      nowMs += forMs
    },
    placeInLogDirs: async () => [],
    disks: async () => [
      {
        item: 'broker 1',
        outcome: isAway() ? gone : { broker: 1, directories: [], replicas: replicas() },
      },
    ],
  }
  return reassignments as unknown as Changers['reassignments']
}

describe('LogDirMoves', () => {
  it('waits for a copy that goes on some time after its broker is back', async () => {
    const moves = new LogDirMoves(restarting(), [step])
    const underway = { signal: new AbortController().signal, report: async () => {} }
    await moves.settle(underway as unknown as Parameters<LogDirMoves['settle']>[0], { goesOn: true })
    expect([...moves.outcomes]).toEqual([])
  })
})
