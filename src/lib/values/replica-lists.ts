import { UsageError } from '../errors.ts'

const MAX_BROKER = 2 ** 31 - 1

/** `1:2,2:3`, as Kafka's own tools write it: replicas of each partition, the preferred leader first. */
export function parseReplicaLists(text: string): number[][] {
  const lists = text.split(',').map((list) => list.split(':').map((id) => idOf(id, text)))
  const [first = []] = lists
  if (lists.some(({ length }) => length !== first.length)) {
    throw invalid(text, 'every partition has as many replicas as the others')
  }
  if (lists.some((list) => new Set(list).size !== list.length)) {
    throw invalid(text, 'a broker has one replica of a partition')
  }
  return lists
}

function idOf(digits: string, text: string): number {
  const id = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN
  if (id <= MAX_BROKER) return id
  throw invalid(text, 'write it like 1:2,2:3: commas between partitions, colons between broker ids')
}

function invalid(text: string, hint: string): UsageError {
  return new UsageError('invalid-assignment', `"${text}" assigns no replicas`, { hint })
}
