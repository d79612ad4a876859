import { DataError } from '../../errors.ts'
import { partitionName } from '../../model/partitions.ts'
import { isMapping } from '../../values/mappings.ts'
import type { TrimWish } from './plan-trim.ts'

const MAX_OFFSET = 2n ** 63n - 1n
const MAX_PARTITION = 2 ** 31 - 1

/** `{"partitions": [{"topic": "t", "partition": 0, "offset": 5}], "version": 1}`, as kafka-delete-records.sh takes it. */
export function readTrimFile(text: string, from: string): TrimWish[] {
  const document = parsed(text, from)
  if (!isMapping(document) || !Array.isArray(document.partitions)) {
    throw malformed(from, 'it has no list `partitions`')
  }
  if (document.version !== undefined && document.version !== 1) {
    throw malformed(from, `it has version ${JSON.stringify(document.version)}; 1 is known`)
  }
  const wishes = document.partitions.map((value, i) => wishOf(value, `${from}, partition ${i + 1}`))
  const names = new Set<string>()
  for (const wish of wishes) {
    const name = partitionName(wish)
    if (names.has(name)) throw malformed(from, `it has ${name} twice`)
    names.add(name)
  }
  return wishes
}

function wishOf(value: unknown, at: string): TrimWish {
  if (!isMapping(value)) throw malformed(at, 'it is no object')
  const { topic, partition, offset } = value
  if (typeof topic !== 'string' || topic === '') throw malformed(at, '`topic` is no name')
  if (!isWhole(partition) || partition < 0 || partition > MAX_PARTITION) {
    throw malformed(at, '`partition` is no number of a partition')
  }
  return { topic, partition, before: endOf(offset, at) }
}

/** −1 is the high watermark. An offset beyond 2⁵³−1 is its digits. */
function endOf(offset: unknown, at: string): TrimWish['before'] {
  if (offset === -1 || offset === '-1') return { kind: 'end' }
  const isDigits = typeof offset === 'string' && /^\d{1,19}$/.test(offset)
  const value = isWhole(offset) || isDigits ? BigInt(offset) : -1n
  if (value >= 0n && value <= MAX_OFFSET) return { kind: 'offset', offset: value }
  throw malformed(at, '`offset` is no offset, nor −1')
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

function parsed(text: string, from: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DataError('malformed-offsets', `${from} is no JSON`, { cause })
  }
}

function malformed(at: string, reason: string): DataError {
  return new DataError('malformed-offsets', `${at}: ${reason}`, {
    hint: 'it is written like {"partitions": [{"topic": "orders", "partition": 0, "offset": 5}], "version": 1}',
  })
}
