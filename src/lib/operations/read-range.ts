import { UsageError } from '../errors.ts'
import type { ReadablePartition } from '../model/records.ts'
import { type OffsetSpec, parseOffset } from '../values/offsets.ts'

/** Where to begin and to end, as it was asked for of every partition. */
export interface AskedRange {
  readonly from: RangeEnd
  readonly to: RangeEnd
}

type RangeEnd = Exclude<OffsetSpec, { readonly kind: 'current' }>

export interface OffsetRange {
  readonly from: number | bigint
  /** Excluded. */
  readonly to: number | bigint
}

/** `current` is where a group stands: nobody does who reads by himself. */
export function parseRange(from: string, to: string, nowMs: number): AskedRange {
  return { from: parseEnd(from, nowMs), to: parseEnd(to, nowMs) }
}

function parseEnd(text: string, nowMs: number): RangeEnd {
  const spec = parseOffset(text, nowMs)
  if (spec.kind !== 'current') return spec
  throw new UsageError('invalid-offset', 'only a group has a current offset', {
    hint: 'an offset is start, end, a number, +N, -N, or a time like @-1h',
  })
}

/** Which offsets that is in one partition: never more than can be read. */
export async function rangeIn(partition: ReadablePartition, asked: AskedRange): Promise<OffsetRange> {
  const from = await offsetOf(partition, asked.from)
  const to = await offsetOf(partition, asked.to)
  return { from, to }
}

async function offsetOf(partition: ReadablePartition, spec: RangeEnd): Promise<number | bigint> {
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
