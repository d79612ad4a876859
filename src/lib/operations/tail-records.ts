import { FailedError } from '../errors.ts'
import type { ReadablePartition } from '../model/records.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { type ReadRows, type RowOf, readRange } from './read-records.ts'

interface Placed<Row> {
  readonly timestamp: number | bigint
  readonly row: Row
}

export interface AskedTail {
  readonly count: number
  readonly isFollowing: boolean
}

/** The last records of all partitions together, by their timestamps; within a partition they keep their order. */
export async function tailRecords<Row>(
  opened: OpenedPartitions,
  { count, isFollowing }: AskedTail,
  rowOf: RowOf<Row>,
): Promise<ReadRows<Row>> {
  if (isFollowing) throw cannotFollow()
  const failures: ReadFailure[] = [...opened.failures]
  const tails: Placed<Row>[][] = []
  for (const partition of opened.partitions) {
    const tail = await lastOf(partition, count, (...record) => {
      return { timestamp: record[2].timestamp, row: rowOf(...record) }
    })
    tails.push([...tail.rows])
    failures.push(...tail.failures)
  }
  return { rows: newestOf(tails, count).map(({ row }) => row), failures }
}

/** Goes back from the end until there are enough: offsets may be taken by markers, or by what is cleaned away. */
async function lastOf<Row>(
  partition: ReadablePartition,
  count: number,
  rowOf: RowOf<Row>,
): Promise<ReadRows<Row>> {
  const { logStart, end } = partition
  for (let back = BigInt(count); ; back *= 4n) {
    const from = BigInt(end) - back > logStart ? Number(BigInt(end) - back) : logStart
    const found = { rows: [] as Row[], failures: [] as ReadFailure[] }
    for await (const { rows, failures } of readRange(partition, { from, to: end }, rowOf)) {
      found.rows.push(...rows)
      found.failures.push(...failures)
      if (found.rows.length > count) found.rows.splice(0, found.rows.length - count)
    }
    if (found.rows.length >= count || from <= logStart) return found
  }
}

/** Takes the newest last record of any partition, as often as there shall be records. */
function newestOf<Row>(tails: readonly Placed<Row>[][], count: number): Placed<Row>[] {
  const newest: Placed<Row>[] = []
  while (newest.length < count) {
    const from = tails.reduce<Placed<Row>[] | undefined>(
      (best, tail) => (isNewer(tail, best) ? tail : best),
      undefined,
    )
    const last = from?.pop()
    if (last === undefined) break
    newest.push(last)
  }
  return newest.reverse()
}

function isNewer(tail: readonly { timestamp: number | bigint }[], best: typeof tail | undefined): boolean {
  const last = tail.at(-1)
  if (last === undefined) return false
  const other = best?.at(-1)
  return other === undefined || last.timestamp >= other.timestamp
}

function cannotFollow(): FailedError {
  return new FailedError('cannot-follow', 'a log directory cannot be followed', {
    hint: 'leave -f out, and ask again; following is for a live cluster',
  })
}
