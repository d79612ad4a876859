import type { LogSink } from '../../ports/log-sink.ts'
import { FetchResult } from './fetch-result.ts'
import { storageFailure } from './storage-failure.ts'

export interface FetchedRecords {
  readonly result: FetchResult
  readonly records: Buffer
  /** Null for those who also read what is not committed. */
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[] | null
}

const NOTHING = Buffer.alloc(0)
/** Less is not worth borrowing a room. */
const SMALL_BYTES = 16 * 1024

/**
 * The bytes that the results tell of. What lies in the newest segment is read at once, since its pages are in
 * memory; what may have to come from the disk itself keeps nobody else waiting.
 */
export function fetchedRecords(
  results: readonly FetchResult[],
  isCommittedOnly: boolean,
  borrow: (sizeBytes: number) => Buffer,
  log: LogSink,
): FetchedRecords[] | Promise<FetchedRecords[]> {
  const finished = (result: FetchResult, records: Buffer): FetchedRecords => {
    const aborted = isCommittedOnly ? abortedIn(result) : null
    return { result, records, aborted }
  }
  if (results.some(({ facts }) => facts.slice?.isCold)) {
    const cold = async (result: FetchResult) => finished(result, await readCold(result, borrow))
    return Promise.all(results.map((result) => cold(result).catch((cause) => unread(result, cause, log))))
  }
  return results.map((result) => {
    try {
      return finished(result, readWarm(result, borrow))
    } catch (cause) {
      return unread(result, cause, log)
    }
  })
}

/** The disk refused: the partition's own error, whatever else is fetched. */
function unread({ target, partition }: FetchResult, cause: unknown, log: LogSink): FetchedRecords {
  const { error } = storageFailure(cause, partition?.name ?? target.topic, log)
  // A session that was about to be told of records is told anew once they can be read.
  target.toldHighWatermark = -1
  return { result: new FetchResult(target, partition, error), records: NOTHING, aborted: null }
}

function readWarm({ facts: { slice } }: FetchResult, borrow: (sizeBytes: number) => Buffer): Buffer {
  if (slice === undefined) return NOTHING
  const room = roomFor(slice.sizeBytes, borrow)
  return slice.whole(room.subarray(0, slice.file.read(room, slice.position)))
}

async function readCold(
  { facts: { slice } }: FetchResult,
  borrow: (sizeBytes: number) => Buffer,
): Promise<Buffer> {
  if (slice === undefined) return NOTHING
  const room = roomFor(slice.sizeBytes, borrow)
  return slice.whole(room.subarray(0, await slice.file.readCold(room, slice.position)))
}

function roomFor(sizeBytes: number, borrow: (sizeBytes: number) => Buffer): Buffer {
  if (sizeBytes < SMALL_BYTES) return Buffer.allocUnsafe(sizeBytes)
  return borrow(sizeBytes).subarray(0, sizeBytes)
}

/** The transactions whose records a reader of committed ones has to skip, and some that begin soon behind them. */
function abortedIn({ target, partition, error, facts }: FetchResult): FetchedRecords['aborted'] {
  if (error !== 'NONE' || facts.divergingEpoch !== undefined) return null
  if (partition === undefined || facts.slice === undefined) return []
  const found = partition.log.abortedTransactions(target.fetchOffset, facts.slice.indexedEnd())
  return found.map(({ producerId, firstOffset }) => ({
    producerId: BigInt(producerId),
    firstOffset: BigInt(firstOffset),
  }))
}
