import { describe, expect, it } from 'vitest'
import { FailedError } from '../../../src/lib/errors.ts'
import type { Figure } from '../../../src/lib/model/figure.ts'
import type { GroupPositions } from '../../../src/lib/model/groups.ts'
import { type IdleViews, idleTopics } from '../../../src/lib/operations/idle-topics.ts'

const exact = (value: number): Figure => ({ value, from: 'broker', bound: 'exact' })
const silent: Figure = { unknown: true, reason: 'there is no leader' }

const NOW_MS = 1_000_000
const question = { topics: undefined, internal: false, sizes: false, idleMs: 1000, nowMs: NOW_MS }

type Told = number | 'empty' | 'emptied' | 'silent' | 'timeless'

describe('idleTopics', () => {
  it('draws the line at the moment that is so long ago', async () => {
    const { rows } = await ask({ before: [NOW_MS - 1001], at: [NOW_MS - 1000], after: [NOW_MS - 999] })
    expect(rows.map(({ topic, idleForMs }) => [topic, idleForMs])).toEqual([['before', 1001]])
  })

  it('fails where a partition that does not answer might have been written to', async () => {
    const { rows, failures } = await ask({ orders: [5, 'silent'], empty: ['silent', 'empty'] })
    expect(rows).toEqual([])
    expect(failures).toMatchObject([
      { item: 'orders:1', error: { message: expect.stringContaining('there is no leader') } },
      { item: 'empty:0', error: { message: expect.stringContaining('there is no leader') } },
    ])
  })

  it('does not mind one where another was written to', async () => {
    expect(await ask({ orders: [NOW_MS, 'silent'] })).toMatchObject({ rows: [], failures: [] })
  })

  it('does not call a topic empty whose records only have no time', async () => {
    const { rows, failures } = await ask({ ancient: ['empty', 'timeless'] })
    expect(rows).toEqual([])
    expect(failures).toMatchObject([
      { item: 'ancient:1', error: { message: expect.stringContaining('have no timestamps') } },
    ])
  })

  it('puts empty topics first, and tells those that once had records from those that never had', async () => {
    const { rows } = await ask({ a: [5], b: ['empty', 'empty'], c: ['empty', 'emptied'] })
    expect(rows.map(({ topic, lastTimestampMs, reason }) => [topic, lastTimestampMs, reason])).toEqual([
      ['b', null, 'it was never written to'],
      ['c', null, 'all its records are deleted'],
      ['a', 5, null],
    ])
  })

  it('knows groups by commits, by what members are assigned, and by what they wait for', async () => {
    const member = {
      ...{ memberId: 'm', instanceId: null, rackId: null, clientId: 'c', host: 'h', epoch: null },
      ...{ subscribedRegex: null, target: null },
    }
    const groups = [
      positions('waits', { members: [{ ...member, subscribedTopics: ['orders'], assignment: [] }] }),
      positions('reads', {
        members: [{ ...member, subscribedTopics: [], assignment: [{ topic: 'orders', partition: 0 }] }],
      }),
      positions('shares', {
        shares: [{ topic: 'orders', partition: 0, startOffset: 0, deliveredCount: null, lag: null }],
      }),
      positions('elsewhere', {}),
    ]
    const { rows } = await ask({ orders: [5] }, groups)
    expect(rows).toMatchObject([{ groups: ['reads', 'shares', 'waits'], readingGroups: ['reads', 'waits'] }])
  })

  it('keeps its rows where a group cannot be asked, and says which', async () => {
    const error = new FailedError('coordinator-not-available', 'no coordinator')
    const { rows, failures } = await ask({ orders: [5] }, [positions('billing', {}), error])
    expect(rows).toHaveLength(1)
    expect(failures).toEqual([{ item: 'group-1', error }])
  })

  it('asks for no groups where no topic is idle', async () => {
    const views = { ...viewsOf({ orders: [NOW_MS] }, []), groups: { list: refuse, positions: refuse } }
    expect(await idleTopics(views, question)).toEqual({ rows: [], failures: [], notes: [] })
  })
})

function ask(
  topics: Readonly<Record<string, readonly Told[]>>,
  groups: (GroupPositions | FailedError)[] = [],
) {
  return idleTopics(viewsOf(topics, groups), question)
}

function viewsOf(
  topics: Readonly<Record<string, readonly Told[]>>,
  groups: readonly (GroupPositions | FailedError)[],
): IdleViews {
  const told = (topic: string, partition: number) => topics[topic]?.[partition] ?? 'silent'
  const items = groups.map((outcome, i) => ({
    item: outcome instanceof FailedError ? `group-${i}` : outcome.group,
    outcome,
  }))
  return {
    topics: {
      list: async () =>
        Object.entries(topics).map(([topic, partitions]) => ({
          ...{ topic, topicId: null, isInternal: false, partitionCount: exact(partitions.length) },
          ...{ replicationFactor: exact(1), sizeBytes: silent },
        })),
    },
    offsets: {
      find: async (partitions) =>
        partitions.map(({ topic, partition }) => {
          const state = told(topic, partition)
          const at = { topic, partition, timestamp: null, reason: null }
          if (state === 'silent') return { ...at, offset: silent, reason: 'there is no leader' }
          return typeof state === 'number'
            ? { ...at, offset: exact(1), timestamp: state }
            : { ...at, offset: null }
        }),
      offsets: async (partitions) =>
        partitions.map(({ topic, partition }) => {
          const state = told(topic, partition)
          const end = state === 'silent' ? silent : exact(state === 'timeless' || state === 'emptied' ? 9 : 0)
          const start = state === 'silent' ? silent : exact(state === 'emptied' ? 9 : 0)
          return {
            topic,
            partition,
            logStart: start,
            highWatermark: end,
            lastStable: end,
            logEnd: end,
            reason: null,
          }
        }),
    },
    groups: {
      list: async () =>
        items.map(({ item }) => ({
          item,
          outcome: {
            ...{ group: item, type: 'Classic' as const, protocolType: 'consumer' },
            ...{ state: 'Empty' as const, memberCount: exact(0) },
          },
        })),
      positions: async () => items,
    },
  }
}

function positions(group: string, has: Partial<GroupPositions>): GroupPositions {
  return { group, type: 'Classic', members: [], commits: [], pending: [], shares: [], ...has }
}

async function refuse(): Promise<never> {
  throw new Error('groups are not asked')
}
