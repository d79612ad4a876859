import { UsageError } from '../errors.ts'

/** Both ends belong to it; an open one goes on to the last partition there is. */
export interface PartitionRange {
  readonly first: number
  readonly last: number
}

export interface TopicPartitions {
  readonly topic: string
  /** Nothing means every partition. */
  readonly ranges?: readonly PartitionRange[]
}

const MAX_PARTITION = 2 ** 31 - 1
const RANGE = /^(\d+)(?:(-)(\d+)?)?$/

/** `orders` or `orders:0,2-5,8-`. A topic's name cannot hold a colon, so the last one splits. */
export function parseTopicPartitions(text: string): TopicPartitions {
  const colon = text.lastIndexOf(':')
  const topic = colon === -1 ? text : text.slice(0, colon)
  if (topic === '') throw invalid(text, 'name the topic: orders:0,2-5')
  return colon === -1 ? { topic } : { topic, ranges: parsePartitions(text.slice(colon + 1)) }
}

/** `0,2-5,8-`, sorted and merged. */
export function parsePartitions(text: string): PartitionRange[] {
  const ranges = text.split(',').map((part) => rangeOf(part.trim(), text))
  return merged(ranges.sort((a, b) => a.first - b.first))
}

/** Numbers as somebody else told them, be they what they may: sorted and merged. */
export function partitionRanges(partitions: readonly number[]): PartitionRange[] {
  return merged([...partitions].sort((a, b) => a - b).map((each) => ({ first: each, last: each })))
}

export function formatPartitions(ranges: readonly PartitionRange[]): string {
  return ranges
    .map(({ first, last }) => {
      if (first === last) return String(first)
      return last === MAX_PARTITION ? `${first}-` : `${first}-${last}`
    })
    .join(',')
}

export function includesPartition(ranges: readonly PartitionRange[], partition: number): boolean {
  return ranges.some(({ first, last }) => partition >= first && partition <= last)
}

function rangeOf(part: string, text: string): PartitionRange {
  const [, first, dash, last] = RANGE.exec(part) ?? []
  if (first === undefined) throw invalid(text)
  const range = {
    first: Number(first),
    last: dash === undefined ? Number(first) : Number(last ?? MAX_PARTITION),
  }
  if (range.last > MAX_PARTITION || range.first > range.last) throw invalid(text)
  return range
}

function merged(sorted: readonly PartitionRange[]): PartitionRange[] {
  const result: PartitionRange[] = []
  for (const range of sorted) {
    const before = result.at(-1)
    if (before !== undefined && range.first <= before.last + 1) {
      result[result.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
    } else result.push(range)
  }
  return result
}

function invalid(text: string, hint = 'partitions are written like 0, 0,2-5 or 8-'): UsageError {
  return new UsageError('invalid-partitions', `"${text}" names no partitions`, { hint })
}
