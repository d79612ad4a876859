import { join } from 'node:path'
import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed } from '../batch-feed.ts'
import { parseQuorumState } from '../files/quorum-state.ts'
import { readIfThere } from '../log-directory.ts'
import type { PartitionFolder, SegmentFile } from '../partition-folder.ts'
import { type MetadataImage, NO_LEADER, type PartitionImage } from './metadata-image.ts'
import { MetadataReplay } from './metadata-replay.ts'

export const metadataTopic = '__cluster_metadata'

export interface MetadataRead {
  readonly image: MetadataImage
  /** Nothing that the log once said is missing from the image. */
  readonly isWhole: boolean
  /** What is missing, a sentence each. */
  readonly problems: readonly string[]
  /** Something in it was left out that is no damage: a later Kafka wrote it. */
  readonly isOfLaterKafka: boolean
}

/**
 * The image: the newest whole snapshot, and the log behind it to its end. The high watermark of this log is not
 * written down, so that the end may hold what the quorum had not yet agreed upon.
 */
export function readMetadataLog(disk: ReadableDisk, folder: PartitionFolder): MetadataRead {
  const newest = readFrom(disk, folder)
  return newest.isWhole && hasForgotten(newest.image) ? withPast(disk, folder, newest) : newest
}

function readFrom(disk: ReadableDisk, folder: PartitionFolder): MetadataRead {
  const reading = new MetadataReading(disk, folder)
  reading.startFromSnapshot()
  reading.readSegments()
  return reading.result()
}

/** Controllers that go on without their brokers make snapshots: in those nobody has ever led. */
function hasForgotten({ topics }: MetadataImage): boolean {
  const isForgotten = (partition: PartitionImage) =>
    partition.leader === NO_LEADER && partition.beforeStop === null
  return [...topics.values()].some(({ partitions }) => [...partitions.values()].some(isForgotten))
}

/** The log that a snapshot stands for stays for a while: replayed from further back it leads to the same image. */
function withPast(disk: ReadableDisk, folder: PartitionFolder, newest: MetadataRead): MetadataRead {
  const { segments, checkpoints } = folder
  const [oldest] = checkpoints
  const isFromStart = segments[0]?.baseOffset === 0
  const first = checkpoints.filter((file) => (isFromStart ? file.baseOffset === 0 : file === oldest))
  if (first.length === checkpoints.length) return newest
  const { image, isWhole } = readFrom(disk, { ...folder, checkpoints: first })
  const isSame = isWhole && image.endOffset === newest.image.endOffset
  return isSame ? { ...newest, image: { ...newest.image, topics: image.topics } } : newest
}

class MetadataReading {
  readonly #disk: ReadableDisk
  readonly #folder: PartitionFolder
  readonly #problems: string[] = []
  #replay = new MetadataReplay()
  #endOffset: Int64 = 0
  #epoch = -1
  #isWhole = true

  constructor(disk: ReadableDisk, folder: PartitionFolder) {
    this.#disk = disk
    this.#folder = folder
  }

  startFromSnapshot(): void {
    for (const file of this.#folder.checkpoints.toReversed()) {
      const replay = new MetadataReplay()
      const problem = this.#readFile(file, (batches) => {
        for (const found of batches) {
          if (found.kind === 'damage') return found.finding
          replay.batch(found)
        }
        return replay.hasFooter ? null : 'it has no footer'
      })
      if (problem === null) {
        this.#replay = replay
        this.#endOffset = file.baseOffset
        this.#epoch = file.epoch ?? -1
        return
      }
      this.#problems.push(`the snapshot ${file.path} is not whole (${problem}): an older one is tried`)
    }
  }

  readSegments(): void {
    const { segments } = this.#folder
    for (const [i, { baseOffset, log }] of segments.entries()) {
      const next = segments[i + 1]
      if (next !== undefined && next.baseOffset <= this.#endOffset) continue
      if (baseOffset > this.#endOffset) this.#gap(baseOffset)
      if (!this.#readSegment(log, next === undefined)) return
    }
  }

  result(): MetadataRead {
    const { state, unread, timestampMs, isInTransaction, isOfLaterKafka } = this.#replay
    for (const [what, count] of unread) this.#problems.push(`${count} × ${what} in it: left out`)
    if (isInTransaction) this.#problems.push('it ends within a transaction, which does not count yet')
    const image = state.image({
      path: this.#folder.path,
      endOffset: this.#endOffset,
      epoch: this.#epoch,
      timestampMs,
      controllerId: this.#controllerId(state.controllerId),
    })
    const isWhole = this.#isWhole && unread.size === 0
    return { image, isWhole, problems: this.#problems, isOfLaterKafka }
  }

  /** The log says it where an epoch begins, which a snapshot may have taken away; the file beside it stays. */
  #controllerId(said: number | null): number | null {
    const { value } = readIfThere(this.#disk, join(this.#folder.path, 'quorum-state'), parseQuorumState)
    if (value === null || value.leaderId < 0 || value.leaderEpoch < this.#epoch) return said
    return value.leaderId
  }

  /** False where what follows cannot be read either. */
  #readSegment(log: SegmentFile, isLast: boolean): boolean {
    let due: Int64 = log.baseOffset
    const problem = this.#readFile(log, (batches) => {
      for (const found of batches) {
        if (found.kind === 'damage') {
          // A torn last write, or room that was taken in advance.
          const isTail = isLast && (found.reason === 'cut' || found.reason === 'zeros')
          return isTail ? null : `at position ${found.position} ${found.finding}`
        }
        // This log is never compacted, and no checksum covers offsets.
        if (found.baseOffset !== due) return misplaced(found, due)
        due = addInt64(found.lastOffset, 1)
        if (due <= this.#endOffset) continue
        this.#replay.batch(found)
        this.#endOffset = due
        this.#epoch = found.partitionLeaderEpoch
      }
      return null
    })
    if (problem === null) return true
    this.#isWhole = false
    this.#problems.push(`${log.path} cannot be read to its end: ${problem}; what follows is not known`)
    return false
  }

  #gap(baseOffset: Int64): void {
    this.#isWhole = false
    const from = this.#endOffset
    this.#problems.push(
      from === 0
        ? `it begins at offset ${baseOffset} without a snapshot that reaches so far: what stood before is not known`
        : `its offsets from ${from} to ${baseOffset} are missing: what they said is not known`,
    )
  }

  /** What is wrong with it, or null. */
  #readFile(file: SegmentFile, read: (batches: BatchFeed) => string | null): string | null {
    let open: ReadableFile | undefined
    try {
      open = this.#disk.openToRead(file.path)
      return read(new BatchFeed(open))
    } catch (cause) {
      if (cause instanceof KtoolError) return cause.message
      throw cause
    } finally {
      open?.close()
    }
  }
}

function misplaced({ position, baseOffset }: RecordBatch, due: Int64): string {
  return `at position ${position} there is a batch of offset ${baseOffset}, where ${due} was due`
}
