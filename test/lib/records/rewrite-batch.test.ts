import { describe, expect, it } from 'vitest'
import { BugError } from '../../../src/lib/errors.ts'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import {
  setBaseOffset,
  setLastOffset,
  setMaxTimestamp,
  setPartitionLeaderEpoch,
} from '../../../src/lib/records/rewrite-batch.ts'
import { batchAt } from '../../../src/lib/records/scan-batches.ts'
import { batchOf, messagesOf, T0 } from './samples.ts'

/** A batch that lies somewhere in a larger buffer, as in a request. */
function within(bytes: Buffer): DefaultRecordBatch {
  const batch = batchAt(Buffer.concat([Buffer.alloc(9), bytes, Buffer.alloc(5)]), 9)
  if (!(batch instanceof DefaultRecordBatch)) throw new Error('not a batch of magic 2')
  return batch
}

describe('A batch rewritten in place', () => {
  it('is what the writer would have written with that offset and epoch', () => {
    const batch = within(batchOf())
    setBaseOffset(batch, 4_000_000_000)
    setPartitionLeaderEpoch(batch, 12)

    expect(batch.raw).toEqual(batchOf({ baseOffset: 4_000_000_000, partitionLeaderEpoch: 12 }))
    expect(batch.damage()).toBeNull()
  })

  it('moves by its last offset', () => {
    const batch = within(batchOf({ baseOffset: 7 }))
    setLastOffset(batch, 99)

    expect(batch.raw).toEqual(batchOf({ baseOffset: 97 }))
  })

  it('is what the writer would have written with that log append time', () => {
    const batch = within(batchOf({ isTransactional: true, producerId: 1, producerEpoch: 0, baseSequence: 0 }))
    setMaxTimestamp(batch, 'LogAppendTime', T0 + 12)

    const fields = { isTransactional: true, producerId: 1, producerEpoch: 0, baseSequence: 0 }
    expect(batch.raw).toEqual(batchOf({ ...fields, logAppendTime: T0 + 12 }))
  })

  it('goes back to its own time', () => {
    const batch = within(batchOf({ logAppendTime: T0 + 12 }))
    setMaxTimestamp(batch, 'CreateTime', T0 + 70_000)

    expect(batch.raw).toEqual(batchOf())
  })

  it('takes a new time of the same kind, and a new kind with the same time', () => {
    const batch = within(batchOf({ logAppendTime: T0 }))
    setMaxTimestamp(batch, 'LogAppendTime', T0 + 1)
    expect(batch.raw).toEqual(batchOf({ logAppendTime: T0 + 1 }))

    const created = within(batchOf())
    setMaxTimestamp(created, 'LogAppendTime', T0 + 70_000)
    expect(created.raw).toEqual(batchOf({ logAppendTime: T0 + 70_000 }))
  })

  it('keeps a wrong CRC that nothing had to change', () => {
    const bytes = batchOf()
    bytes.writeUInt8(bytes.readUInt8(70) ^ 1, 70)
    const batch = within(bytes)
    setMaxTimestamp(batch, 'CreateTime', T0 + 70_000)

    expect(batch.damage()?.reason).toBe('crc')
  })
})

describe('A message rewritten in place', () => {
  it('takes offset and log append time', () => {
    const batch = batchAt(messagesOf({ magic: 1 }), 0)
    if (batch.kind === 'damage') throw new Error(batch.finding)
    setLastOffset(batch, 77)
    setMaxTimestamp(batch, 'LogAppendTime', T0 + 5)

    expect(batch).toMatchObject({ lastOffset: 77, maxTimestamp: T0 + 5, timestampType: 'LogAppendTime' })
    expect(batch.damage()).toBeNull()
  })

  it('of magic 0 has no time to take', () => {
    const batch = batchAt(messagesOf({ magic: 0 }), 0)
    if (batch.kind === 'damage') throw new Error(batch.finding)

    expect(() => setMaxTimestamp(batch, 'LogAppendTime', T0)).toThrow(BugError)
  })
})
