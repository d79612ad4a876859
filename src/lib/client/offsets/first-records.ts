import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { DataError, KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { RecordTime } from '../../model/offsets.ts'
import { partitionName } from '../../model/partitions.ts'
import { fetch } from '../../protocol/apis/fetch.ts'
import { damageError } from '../../records/damage.ts'
import { openRecords } from '../../records/open-records.ts'
import { scanBatches } from '../../records/scan-batches.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { orRefusal, Refusal } from '../routing/refusal.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'
import { whyUnknown } from '../routing/why-unknown.ts'

export type OffsetIn = TopicPartition & { readonly offset: Int64 }

/** Before version 13 topics go by their names, which every broker understands that is asked for offsets. */
const versions = { min: 4, max: 12 }
const FIRST_BYTES = 16 * 1024
const LARGEST_BYTES = 8 * 1024 * 1024
/** Of one answer. A batch that is larger comes all the same, if it is the first. */
const ANSWER_BYTES = 32 * 1024 * 1024
const PARTITIONS_AT_ONCE = 1000

/** When the first record was written that somebody gets who reads from an offset on, by the order of the partitions. */
export async function firstRecords(cluster: Cluster, from: readonly OffsetIn[]): Promise<RecordTime[]> {
  const unique = new Map(from.map((at) => [partitionName(at), at]))
  const told = await askLeaders(cluster, [...unique.values()], (connection, own) =>
    readFirst(cluster, connection, own),
  )
  return from.map(({ topic, partition }) => {
    const answer = told.get(partitionName({ topic, partition }))
    return { topic, partition, ...timeOf(answer) }
  })
}

type Time = Omit<RecordTime, keyof TopicPartition>

function timeOf(answer: Time | KtoolError | undefined): Time {
  if (answer === undefined) return noTime('the broker left it out of its answer')
  return answer instanceof KtoolError ? noTime(whyUnknown(answer)) : answer
}

function noTime(reason: string): Time {
  return { timestampMs: null, reason }
}

/**
 * A partition is asked again from where its batches have nothing to give, and for more where not even one batch fitted.
 * The first of a question always gets one, however large, so each round brings at least one of them on.
 */
async function readFirst(
  cluster: Cluster,
  connection: Connection,
  own: readonly OffsetIn[],
): Promise<Map<string, Time | Refusal>> {
  const times = new Map<string, Time | Refusal>()
  let open = own
  for (let maxBytes = FIRST_BYTES; open.length > 0; maxBytes = Math.min(maxBytes * 4, LARGEST_BYTES)) {
    const told = await fetchFrom(cluster, connection, open.slice(0, PARTITIONS_AT_ONCE), maxBytes)
    const left = open.flatMap((at) => {
      const found = told.get(partitionName(at))
      if (found === undefined) return [at]
      if (found instanceof Refusal || 'timestampMs' in found) times.set(partitionName(at), found)
      else return [found.offset > at.offset ? { ...at, offset: found.offset } : at]
      return []
    })
    if (maxBytes === LARGEST_BYTES && !hasMoved(open, left)) {
      for (const at of left) times.set(partitionName(at), noTime('the broker gives no records of it'))
      return times
    }
    open = left
  }
  return times
}

function hasMoved(before: readonly OffsetIn[], after: readonly OffsetIn[]): boolean {
  return after.length < before.length || after.some((at, i) => at !== before[i])
}

interface GoOn {
  /** To be asked for next. */
  readonly offset: Int64
}

async function fetchFrom(
  cluster: Cluster,
  connection: Connection,
  own: readonly OffsetIn[],
  maxBytes: number,
): Promise<Map<string, Time | GoOn | Refusal>> {
  const topics = [...groupedByTopic(own)].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map(({ partition, offset }) => ({
      partition,
      fetchOffset: BigInt(offset),
      partitionMaxBytes: maxBytes,
    })),
  }))
  const question = { maxWaitMs: 0, minBytes: 0, maxBytes: ANSWER_BYTES, topics }
  const { responses } = await cluster.askOf(connection, fetch, question, versions)
  const wanted = new Map(own.map((at) => [partitionName(at), at.offset]))
  return new Map(
    responses.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partitionIndex: partition, errorCode, highWatermark, records }) => {
        const key = partitionName({ topic, partition })
        const from = wanted.get(key)
        if (from === undefined) return []
        return [[key, orRefusal(errorCode, () => firstFrom(records, from, highWatermark))] as const]
      }),
    ),
  )
}

function firstFrom(records: Buffer | null, from: Int64, highWatermark: bigint): Time | GoOn {
  if (from >= highWatermark) return noTime(`no record is left from offset ${from} on`)
  try {
    return firstIn(records ?? Buffer.alloc(0), from)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return noTime(`it cannot be read: ${cause.message}`)
  }
}

/** What is compacted away leaves gaps, and nobody is given the markers of transactions. */
function firstIn(records: Buffer, from: Int64): Time | GoOn {
  let next = from
  for (const batch of scanBatches(records)) {
    if (batch.kind === 'damage') {
      // The last one is cut where the answer was full.
      if (batch.reason === 'cut') break
      throw damageError(batch)
    }
    if (batch.lastOffset < next) continue
    const cursor = batch.isControl ? undefined : openRecords(batch)
    while (cursor?.next()) {
      if (cursor.offset >= from) return timeOfRecord(cursor.timestamp)
    }
    next = addInt64(batch.lastOffset, 1)
  }
  return { offset: next }
}

function timeOfRecord(timestamp: Int64): Time {
  return timestamp < 0
    ? noTime('the first record has no timestamp')
    : { timestampMs: timestamp, reason: null }
}
