import { describe, expect, it } from 'vitest'
import { AuthError, FailedError } from '../../../../src/lib/errors.ts'
import type { BrokerState, LogDirState, QuorumReplica } from '../../../../src/lib/model/cluster-state.ts'
import {
  brokerChecks,
  logDirChecks,
  quorumChecks,
} from '../../../../src/lib/operations/health/cluster-checks.ts'

const failed = new FailedError('unreachable', 'nobody listens')

describe('brokerChecks', () => {
  it('is content with brokers that answer, one of them the controller', () => {
    const checks = brokerChecks([broker(1, { isController: true }), broker(2)])
    expect(checks.map(({ state, count }) => [state, count])).toEqual([
      ['ok', 0],
      ['ok', 0],
    ])
  })

  it('counts a fenced broker as fenced, not as silent too', () => {
    const checks = brokerChecks([
      broker(1, { isController: true }),
      broker(2, { error: failed }),
      broker(3, { error: failed, isFenced: true }),
    ])
    expect(checks).toMatchObject([
      { state: 'trouble', count: 1, detail: '2: nobody listens' },
      { state: 'trouble', count: 1, detail: '3' },
    ])
  })

  it('only mentions that no broker is the controller', () => {
    expect(brokerChecks([broker(1)]).at(-1)).toMatchObject({ state: 'info', detail: 'none of them' })
  })
})

describe('quorumChecks', () => {
  it('takes who has caught up within ten seconds for well, by the clock of the leader', () => {
    const checks = quorumChecks(quorum(1, [node(1, 'Leader', 50_000), node(2, 'Follower', 40_000)]))
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok'])
  })

  it('names who is behind, controllers apart from brokers', () => {
    const checks = quorumChecks(
      quorum(1, [
        node(1, 'Leader', 50_000),
        node(2, 'Follower', 39_999, 7),
        node(3, 'Observer', null, null),
        node(4, 'Observer', 49_000),
      ]),
    )
    expect(checks).toMatchObject([
      { state: 'ok', detail: 'node 1' },
      { state: 'trouble', count: 1, detail: '2 by 7' },
      { state: 'trouble', count: 1, detail: '3 was not heard of' },
    ])
  })

  it('is troubled without a leader', () => {
    expect(quorumChecks(quorum(-1, []))[0]).toMatchObject({ state: 'trouble', detail: 'there is none' })
  })
})

describe('logDirChecks', () => {
  it('finds directories that are offline, and volumes that are nearly full', () => {
    const rows = [
      directory('/a', { totalBytes: 100, usableBytes: 10 }),
      directory('/b', { totalBytes: 100n, usableBytes: 9n }),
      directory('/c', { error: failed }),
    ]
    expect(logDirChecks({ rows, failures: [] })).toMatchObject([
      { state: 'trouble', count: 1, detail: '1:/c' },
      { state: 'info', count: 1, detail: '1:/b' },
    ])
  })

  it('does not know where it may not ask, and is troubled where nobody answers', () => {
    const denied = { item: '2', error: new AuthError('denied', 'not for you') }
    const silent = { item: '3', error: failed }
    const stateOf = (failures: { item: string; error: FailedError | AuthError }[]) =>
      logDirChecks({ rows: [], failures }).at(-1)?.state
    expect(stateOf([denied])).toBe('unknown')
    expect(stateOf([denied, silent])).toBe('trouble')
  })

  it('names three, and counts the rest', () => {
    const rows = ['/a', '/b', '/c', '/d', '/e'].map((path) => directory(path, { error: failed }))
    expect(logDirChecks({ rows, failures: [] })[0]?.detail).toBe('1:/a, 1:/b, 1:/c and 2 more')
  })
})

function broker(id: number, difference: Partial<BrokerState> = {}): BrokerState {
  return {
    ...{ id, host: 'kafka', port: 9092, rack: null, isController: false, isFenced: false },
    ...{ kafka: null, leaderCount: 0, replicaCount: 0, error: null },
    ...difference,
  }
}

function quorum(leader: number, replicas: readonly QuorumReplica[]) {
  return { leader, leaderEpoch: 1, highWatermark: 100, replicas }
}

function node(
  id: number,
  role: QuorumReplica['role'],
  lastCaughtUpMs: number | null,
  lag: number | null = 0,
): QuorumReplica {
  return {
    node: id,
    role,
    directoryId: null,
    listeners: [],
    logEnd: 100,
    lag,
    lastFetchMs: null,
    lastCaughtUpMs,
  }
}

function directory(path: string, difference: Partial<LogDirState>): LogDirState {
  return {
    ...{ broker: 1, directory: path, replicaCount: 0, futureCount: 0, sizeBytes: 0, totalBytes: null },
    ...{ usableBytes: null, isCordoned: null, error: null, replicas: [] },
    ...difference,
  }
}
