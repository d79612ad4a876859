import { expect, it } from 'vitest'
import { type DumpRange, isInRange, overlapOf } from '../../../../src/lib/log/dump/dump-range.ts'
import { parseRange } from '../../../../src/lib/log/dump/parse-range.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { batchAt } from '../../../../src/lib/records/scan-batches.ts'

/** Offsets 10 to 12 at the times 100, 300, 200. */
function sample() {
  const writer = new BatchWriter({ baseOffset: 10 })
  for (const timestamp of [100, 300, 200]) writer.append({ timestamp, key: null, value: null })
  const batch = batchAt(writer.finish(), 0)
  if (batch.kind === 'damage') throw new Error(batch.finding)
  return batch
}

function offsetsIn(range: DumpRange): unknown[] {
  const offsets: unknown[] = []
  const cursor = openRecords(sample())
  while (cursor.next()) if (isInRange(cursor, range)) offsets.push(cursor.offset)
  return offsets
}

it.each([
  [{}, 'whole', [10, 11, 12]],
  [{ fromOffset: 10, toOffset: 13 }, 'whole', [10, 11, 12]],
  [{ fromOffset: 11 }, 'part', [11, 12]],
  [{ toOffset: 12 }, 'part', [10, 11]],
  [{ fromOffset: 13 }, 'none', []],
  [{ toOffset: 10 }, 'none', []],
  [{ fromTime: 200 }, 'part', [11, 12]],
  [{ toTime: 200 }, 'part', [10]],
  [{ fromTime: 301 }, 'none', []],
  [{ toTime: 100 }, 'part', []],
  [{ fromOffset: 2n ** 60n }, 'none', []],
] as const)('takes of a batch what is in the range, %#', (range, overlap, offsets) => {
  expect(overlapOf(sample(), range)).toBe(overlap)
  expect(offsetsIn(range)).toEqual(offsets)
})

it('reads offsets and times, and says which times it has understood', () => {
  expect(parseRange({ from: '1200', to: '@1700000000000' }, 0)).toEqual({
    range: { fromOffset: 1200, toOffset: undefined, fromTime: undefined, toTime: 1700000000000 },
    notes: ['records to 2023-11-14T22:13:20.000Z'],
  })
  expect(parseRange({ from: 'start', to: 'end' }, 0).notes).toEqual([])
})

it.each(['end', 'current', '+5', '-5', 'soon'])('refuses to begin at %s', (from) => {
  expect(() => parseRange({ from }, 0)).toThrow(/nowhere in a file|is no offset/)
})
