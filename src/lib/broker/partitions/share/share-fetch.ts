import type { LogSlice } from '../../../log/write/partition-log.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { LARGEST_PORTION_BYTES } from '../read-partition.ts'
import { storageFailure } from '../storage-failure.ts'
import { abortedBatches, withoutBatches } from './aborted-records.ts'
import type { AcquireWish } from './acquire.ts'
import { type AcquiredRecords, countOf } from './acquired-records.ts'
import { fetchedBatches, slicedBatches } from './fetched-batches.ts'
import { recordStates } from './record-state.ts'
import type { SharePartition } from './share-partition.ts'
import type { SharePartitions } from './share-partitions.ts'
import type { SharePlace } from './share-place.ts'

export interface ShareFetchWish
  extends Pick<AcquireWish, 'memberId' | 'isRecordLimit' | 'batchSize' | 'maxRecords'> {
  readonly groupId: string
  readonly places: readonly SharePlace[]
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
}

export interface ShareFetchWorld {
  readonly shares: SharePartitions
  readonly clock: Clock
  readonly log: LogSink
  /** The client is not there any more. */
  readonly gone: AbortSignal
  borrow(sizeBytes: number): Buffer
}

export interface SharedRecords {
  readonly place: SharePlace
  readonly error: ErrorName
  readonly records: Buffer
  readonly acquired: readonly AcquiredRecords[]
}

interface Opened {
  readonly place: SharePlace
  readonly share: SharePartition
}

/** What may be read for a member, and where its bytes lie. */
interface Readable extends Opened {
  readonly fetchOffset: number
  readonly error: ErrorName
  readonly slice: LogSlice | undefined
}

const NOTHING = Buffer.alloc(0)

/** Records for a member once there are enough, or its patience is over. Null: it has gone, and gets none. */
export async function fetchShared(
  wish: ShareFetchWish,
  world: ShareFetchWorld,
): Promise<SharedRecords[] | null> {
  if (wish.places.length === 0 || wish.maxRecords === 0 || wish.maxBytes === 0) return []
  const fetching = new ShareFetching(wish, world)
  const untilMs = world.clock.monotonicMs() + wish.maxWaitMs
  for (;;) {
    const readable = fetching.readable()
    const leftMs = untilMs - world.clock.monotonicMs()
    if (fetching.isEnough(readable) || leftMs <= 0) return fetching.take(readable)
    await fetching.change(leftMs)
    if (world.gone.aborted) return null
  }
}

class ShareFetching {
  readonly #wish: ShareFetchWish
  readonly #world: ShareFetchWorld
  readonly #failed: SharedRecords[] = []
  #opened: Opened[] = []

  constructor(wish: ShareFetchWish, world: ShareFetchWorld) {
    this.#wish = wish
    this.#world = world
    this.#opened = wish.places.flatMap((place) => this.#open(place))
  }

  isEnough(readable: readonly Readable[]): boolean {
    if (this.#opened.length === 0) return true
    if (readable.length === 0) return false
    if (readable.some(({ error }) => error !== 'NONE')) return true
    const sizeBytes = readable.reduce((sum, { slice }) => sum + (slice?.sizeBytes ?? 0), 0)
    return sizeBytes >= this.#wish.minBytes
  }

  /** Of partitions that have a record to hand out, or room for another. */
  readable(): Readable[] {
    this.#opened = this.#opened.filter((opened) => this.#isOpen(opened))
    const ready = this.#opened.flatMap((opened) => {
      const fetchOffset = opened.share.nextFetchOffset()
      return fetchOffset === null ? [] : { ...opened, fetchOffset }
    })
    // Kafka gives each its share of the bytes, and what is left over to any of them.
    const maxBytes = Math.floor(this.#wish.maxBytes / ready.length) || 1
    let atLeastOne = true
    return ready.map((each) => {
      const found = { ...each, ...this.#locate(each, maxBytes, atLeastOne) }
      if (found.slice !== undefined) atLeastOne = false
      return found
    })
  }

  /** In the turn in which it was found: nobody else may acquire it, and it may lie in another file later. */
  take(readable: readonly Readable[]): SharedRecords[] {
    let left = this.#wish.maxRecords
    const taken = readable.map((each) => {
      const shared = this.#takeFrom(each, left)
      left -= countOf(shared.acquired)
      return shared
    })
    return [...taken, ...this.#failed]
  }

  /** Resolves when there may be more, or the time is over. */
  change(withinMs: number): Promise<void> {
    const { clock, gone } = this.#world
    return new Promise((resolve) => {
      const cancels: (() => void)[] = []
      const finish = () => {
        for (const cancel of cancels) cancel()
        gone.removeEventListener('abort', finish)
        resolve()
      }
      cancels.push(clock.after(withinMs, finish))
      for (const { share } of this.#opened) {
        cancels.push(share.onceChanged(finish), share.partition.onceChanged(finish))
      }
      gone.addEventListener('abort', finish)
    })
  }

  #open(place: SharePlace): Opened[] {
    const { groupId } = this.#wish
    try {
      const share = this.#world.shares.open({ groupId, topicId: place.topicId, partition: place.partition })
      return [{ place, share }]
    } catch (cause) {
      const { error } = storageFailure(cause, `${place.topic}-${place.partition}`, this.#world.log)
      this.#failed.push(failure(place, error))
      return []
    }
  }

  /** Its leader may have changed while the member waited. */
  #isOpen({ place, share }: Opened): boolean {
    if (!share.isClosed && this.#world.shares.get(share.key) === share) return true
    this.#failed.push(
      failure(place, share.partition.isDeleted ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER'),
    )
    return false
  }

  #locate(
    { share, fetchOffset }: Opened & { readonly fetchOffset: number },
    maxBytes: number,
    atLeastOne: boolean,
  ): Pick<Readable, 'error' | 'slice'> {
    const { log, highWatermark, lastStableOffset, logStartOffset, logEndOffset } = share.partition
    if (fetchOffset < logStartOffset || fetchOffset > logEndOffset) {
      return { error: 'OFFSET_OUT_OF_RANGE', slice: undefined }
    }
    const upTo = this.#isCommittedOnly ? lastStableOffset : highWatermark
    const slice =
      log.read(fetchOffset, { upTo, atLeastOne, maxBytes: Math.min(maxBytes, LARGEST_PORTION_BYTES) }) ??
      log.read(fetchOffset, { upTo, atLeastOne, maxBytes })
    return { error: 'NONE', slice }
  }

  #takeFrom({ place, share, error, slice, fetchOffset }: Readable, maxRecords: number): SharedRecords {
    if (error === 'OFFSET_OUT_OF_RANGE') share.window.raiseStart(share.partition.logStartOffset)
    if (slice === undefined) return { place, error: 'NONE', records: NOTHING, acquired: [] }
    try {
      return this.#acquire({ place, share, error, slice, fetchOffset }, slice, maxRecords)
    } catch (cause) {
      return failure(place, storageFailure(cause, share.partition.name, this.#world.log).error)
    }
  }

  #acquire({ place, share, fetchOffset }: Readable, slice: LogSlice, maxRecords: number): SharedRecords {
    const room = this.#world.borrow(slice.sizeBytes).subarray(0, slice.sizeBytes)
    const bytes = slice.whole(room.subarray(0, slice.file.read(room, slice.position)))
    const batches = fetchedBatches(bytes)
    let acquired = share.acquire({ ...this.#wish, maxRecords, fetchOffset, batches })
    const [first, last] = [acquired[0], acquired.at(-1)]
    if (first !== undefined && last !== undefined && this.#isCommittedOnly) {
      const end = (batches.at(-1)?.lastOffset ?? last.lastOffset) + 1
      const aborted = abortedBatches(batches, share.partition.log.abortedTransactions(fetchOffset, end))
      for (const { firstOffset, lastOffset } of aborted) archive(share, firstOffset, lastOffset)
      acquired = withoutBatches(acquired, aborted)
    }
    const [from, to] = [acquired[0], acquired.at(-1)]
    if (from === undefined || to === undefined)
      return { place, error: 'NONE', records: NOTHING, acquired: [] }
    return {
      place,
      error: 'NONE',
      records: slicedBatches(bytes, batches, from.firstOffset, to.lastOffset),
      acquired,
    }
  }

  get #isCommittedOnly(): boolean {
    return this.#world.shares.configsOf(this.#wish.groupId).isCommittedOnly
  }
}

/** Records of a transaction that came to nothing are for nobody. */
function archive({ window }: SharePartition, firstOffset: number, lastOffset: number): void {
  const floor = window.inFlight.floor(firstOffset)
  const batches = window.inFlight.between(floor?.firstOffset ?? firstOffset, lastOffset)
  window.archive(batches, firstOffset, lastOffset + 1, recordStates.acquired, true)
}

function failure(place: SharePlace, error: ErrorName): SharedRecords {
  return { place, error, records: NOTHING, acquired: [] }
}
