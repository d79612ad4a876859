import type { ReadablePartition } from '../model/records.ts'
import type { OffsetSpec } from '../values/offsets.ts'

/** Where to begin and to end, as it was asked for of every partition. */
export interface AskedRange {
  readonly from: OffsetSpec
  readonly to: OffsetSpec
}

export interface OffsetRange {
  readonly from: number | bigint
  /** Excluded. */
  readonly to: number | bigint
}

/** Which offsets that is in one partition: never more than can be read. */
export async function rangeIn(partition: ReadablePartition, asked: AskedRange): Promise<OffsetRange> {
  const from = await offsetOf(partition, asked.from)
  const to = await offsetOf(partition, asked.to)
  return { from, to }
}

async function offsetOf(partition: ReadablePartition, spec: OffsetSpec): Promise<number | bigint> {
  const { logStart, end } = partition
  switch (spec.kind) {
    case 'offset':
      return clamped(partition, spec.offset)
    case 'shift':
      return clamped(partition, BigInt(spec.by < 0n ? end : logStart) + spec.by)
    case 'time':
      return clamped(partition, (await partition.offsetAt(spec.timeMs)) ?? end)
    case 'start':
      return logStart
    default:
      return end
  }
}

function clamped({ logStart, end }: ReadablePartition, offset: number | bigint): number | bigint {
  const known = Number.isSafeInteger(Number(offset)) ? Number(offset) : offset
  if (known < logStart) return logStart
  return known > end ? end : known
}
