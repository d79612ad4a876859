import { describe, expect, it } from 'vitest'
import { KtoolError } from '../../../src/lib/errors.ts'
import { planElection } from '../../../src/lib/operations/election-steps.ts'
import { brokerImbalances, isImbalanced } from '../../../src/lib/operations/imbalance.ts'
import { progressOf, stateOf } from '../../../src/lib/operations/reassign-progress.ts'
import { batchesOf } from '../../../src/lib/operations/reassign-steps.ts'

const partitions = [
  { topic: 'a', partition: 0, leader: 1, replicas: [1, 2], isr: [1, 2] },
  { topic: 'a', partition: 1, leader: 2, replicas: [1, 2], isr: [1, 2] },
  { topic: 'a', partition: 2, leader: null, replicas: [1, 3], isr: [3] },
  { topic: 'a', partition: 3, leader: 2, replicas: [2, 1], isr: [2] },
]
const told = [{ item: 'a', outcome: partitions }]
const question = { asked: undefined, picks: { has: () => true }, brokers: [2, 3] }

describe('an imbalance', () => {
  it('counts what others lead, and what nobody leads, over what a broker should', () => {
    expect(brokerImbalances(partitions)).toEqual([
      { broker: 1, preferred: 3, leading: 1, imbalanced: 2, leaderless: 1, percent: 66.7 },
      { broker: 2, preferred: 1, leading: 2, imbalanced: 0, leaderless: 0, percent: 0 },
    ])
    expect(partitions.filter(isImbalanced).map(({ partition }) => partition)).toEqual([1, 2])
  })

  it('is what a preferred election of all is about, and no other partition', () => {
    const { steps, warnings } = planElection(told, { ...question, type: 'preferred', isAll: true })
    expect(steps).toEqual([
      { item: 'a:1', action: 'elect', before: 2, after: 1 },
      { item: 'a:2', action: 'elect', before: null, after: 1 },
    ])
    expect(warnings).toEqual([expect.stringMatching(/one partition has no leader/)])
  })

  it('is planned by topic and number, in whatever order a cluster tells of it', () => {
    const others = partitions.map((each) => ({ ...each, topic: 'b' }))
    const shuffled = [
      { item: 'b', outcome: others.toReversed() },
      { item: 'a', outcome: partitions.toReversed() },
    ]
    const { steps } = planElection(shuffled, { ...question, type: 'preferred', isAll: true })
    expect(steps.map(({ item }) => item)).toEqual(['a:1', 'a:2', 'b:1', 'b:2'])
  })

  it('leaves an unclean election those without a leader, and the first replica that lives', () => {
    const { steps } = planElection(told, { ...question, type: 'unclean', isAll: true })
    expect(steps).toEqual([{ item: 'a:2', action: 'elect', before: null, after: 3 }])
  })

  it('tells which of the partitions that were asked for are not there', () => {
    const asked = [
      { topic: 'a', partition: 0 },
      { topic: 'a', partition: 9 },
    ]
    const { steps, failures } = planElection(told, { ...question, type: 'preferred', isAll: false, asked })
    expect(steps).toMatchObject([{ item: 'a:0', before: 1, after: 1 }])
    expect(failures).toMatchObject([{ item: 'a:9', error: expect.any(KtoolError) }])
  })
})

describe('the progress of a reassignment', () => {
  const moving = { topic: 'a', partition: 0, replicas: [3, 4, 1, 2], adding: [3, 4], removing: [1, 2] }
  const size = (broker: number, sizeBytes: number) => ({
    topic: 'a',
    partition: 0,
    broker,
    directory: '/d',
    sizeBytes,
  })

  it('is what new replicas have, of what the old have for each of them', () => {
    const rows = progressOf([moving], [size(1, 1000), size(2, 990), size(3, 500), size(4, 1100)])
    expect(rows).toMatchObject([{ replicas: [3, 4], copiedBytes: 1500, totalBytes: 2000, percent: 75 }])
  })

  it('is not known where no broker tells the size of an old replica', () => {
    expect(progressOf([moving], [size(3, 500)])).toMatchObject([
      { copiedBytes: null, totalBytes: null, percent: null },
    ])
  })

  it('tells how fast it goes, and how long it takes, by two looks', () => {
    const look = (copied: number) => progressOf([moving], [size(1, 1000), size(3, copied)])
    const first = stateOf(look(200), 1000, undefined)
    expect([first.bytesPerSecond, first.remainingMs]).toEqual([null, null])
    expect(stateOf(look(500), 3000, first)).toMatchObject({ bytesPerSecond: 150, remainingMs: 10_000 })
    expect(stateOf(look(200), 3000, first)).toMatchObject({ bytesPerSecond: 0, remainingMs: null })
  })
})

describe('batches', () => {
  const steps = [5, 5, 20, 1, 1].map((bytes, i) => ({
    item: `a:${i}`,
    action: 'move',
    before: [],
    after: [bytes],
  }))
  const sizes = (limit: Parameters<typeof batchesOf>[1]) =>
    batchesOf(steps, limit, ({ after }) => Number((after as number[])[0])).map((batch) => batch.length)

  it('hold so many partitions, or so many bytes, and at least one', () => {
    expect(sizes(null)).toEqual([5])
    expect(sizes({ partitions: 2 })).toEqual([2, 2, 1])
    expect(sizes({ bytes: 10 })).toEqual([2, 1, 2])
    expect(sizes({ bytes: 1 })).toEqual([1, 1, 1, 1, 1])
  })
})
