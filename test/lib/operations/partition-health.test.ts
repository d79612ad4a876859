import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../src/lib/model/figure.ts'
import { ailmentsOf, partitionsFound } from '../../../src/lib/operations/partition-health.ts'

const unknown: Figure<never> = { unknown: true, reason: 'there is none' }

describe('ailmentsOf', () => {
  it.each([
    ['all are in sync', {}, []],
    ['one replica is not in sync', { isr: [1, 2] }, ['underReplicated', 'atMinIsr']],
    ['fewer than the minimum are', { isr: [1] }, ['underReplicated', 'underMinIsr']],
    ['a replica is on its way', { replicas: [1, 2, 3, 4], addingReplicas: [4] }, []],
    [
      'one is on its way, and one behind',
      { replicas: [1, 2, 3, 4], addingReplicas: [4], isr: [1, 2] },
      ['underReplicated', 'atMinIsr'],
    ],
    ['a disk is offline', { offlineReplicas: [3] }, ['offlineReplicas']],
  ])('knows what it is when %s', (_, difference, expected) => {
    expect([...ailmentsOf(partition(difference), exact(2))]).toEqual(expected)
  })

  it('counts a partition without a leader as under the minimum, whoever is in sync', () => {
    const found = ailmentsOf({ ...partition({}), leader: unknown }, exact(2))
    expect([...found]).toEqual(['underMinIsr', 'unavailable'])
  })

  it('holds nothing against a partition whose ISR is not known, and no minimum that is not', () => {
    expect(ailmentsOf({ ...partition({}), isr: unknown, leader: unknown }, exact(2)).size).toBe(0)
    expect([...ailmentsOf(partition({ isr: [1] }), unknown)]).toEqual(['underReplicated'])
  })
})

describe('partitionsFound', () => {
  it('is trouble where there is one, and counts topics once', () => {
    expect(partitionsFound([])).toBeUndefined()
    const rows = ['orders', 'orders', 'bills'].map((topic) => ({ topic }))
    expect(partitionsFound(rows)).toMatchObject({
      message: '3 partitions of 2 topics were found',
      exitCode: 3,
    })
  })
})

interface Replicas {
  readonly replicas?: readonly number[]
  readonly isr?: readonly number[]
  readonly addingReplicas?: readonly number[]
  readonly offlineReplicas?: readonly number[]
}

function partition(difference: Replicas) {
  const { replicas = [1, 2, 3], isr = [1, 2, 3], addingReplicas = [], offlineReplicas = [] } = difference
  return {
    leader: exact(1),
    replicas: exact(replicas),
    isr: exact(isr),
    addingReplicas: exact(addingReplicas),
    offlineReplicas: exact(offlineReplicas),
  }
}

function exact<T>(value: T): Figure<T> {
  return { value, from: 'broker', bound: 'exact' }
}
