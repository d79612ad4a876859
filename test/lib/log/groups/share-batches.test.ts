import { expect, test } from 'vitest'
import { combinedBatches, type ShareBatch } from '../../../../src/lib/log/groups/share-batches.ts'
import { goldenLines } from '../../../golden/vectors.ts'

type Row = readonly [firstOffset: number, lastOffset: number, deliveryState: number, deliveryCount: number]

interface Case {
  readonly older: readonly Row[]
  readonly newer: readonly Row[]
  readonly startOffset: number
  readonly combined: readonly Row[]
}

const cases = goldenLines<Case>('share-batches/combined.ndjson.gz')

test('batches of share partitions are combined as Kafka combines them', () => {
  expect(cases.length).toBeGreaterThan(500)
  for (const { older, newer, startOffset, combined } of cases) {
    const ours = combinedBatches(older.map(batchOf), newer.map(batchOf), startOffset)
    expect(ours.map(rowOf), JSON.stringify({ older, newer, startOffset })).toEqual(combined)
  }
})

function batchOf([firstOffset, lastOffset, deliveryState, deliveryCount]: Row): ShareBatch {
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function rowOf({ firstOffset, lastOffset, deliveryState, deliveryCount }: ShareBatch): Row {
  return [Number(firstOffset), Number(lastOffset), deliveryState, deliveryCount]
}
