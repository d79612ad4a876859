import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { LegacyRecordBatch } from '../../records/legacy-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { advanceSequence } from '../../records/sequence.ts'
import type { EpochEntry } from '../files/leader-epoch-checkpoint.ts'
import type { Segment } from '../partition-folder.ts'
import type { Findings } from './finding.ts'

interface Written {
  readonly producerEpoch: number
  readonly lastSequence: number
}

/** Findings that the cleaner explains, held back until it is known whether it was here. */
interface Gap {
  readonly add: () => void
}

const LARGEST_RELATIVE = 2 ** 31 - 1
/** Beyond so many producers their sequences are no longer followed. */
const MOST_PRODUCERS = 100_000

/** What the batches of a partition say, one after the other and segment after segment. */
export class BatchSequence {
  /** One above the last offset so far. */
  nextOffset: Int64 | undefined
  hasTimestamps = false
  readonly #findings: Findings
  readonly #epochs: readonly EpochEntry[]
  readonly #producers = new Map<Int64, Written>()
  readonly #gaps: Gap[] = []
  #isCleaned = false
  #isAfterDamage = false
  #epoch = -1

  constructor(findings: Findings, epochs: readonly EpochEntry[]) {
    this.#findings = findings
    this.#epochs = epochs
  }

  /** Offsets may be missing behind damage; the damage says so itself. */
  damaged(): void {
    this.#isAfterDamage = true
  }

  beginSegment({ baseOffset, log }: Segment): void {
    const { nextOffset } = this
    if (nextOffset === undefined) return
    if (baseOffset < nextOffset) {
      const reason = `begins at offset ${baseOffset}, though the segment before it goes up to ${subtractInt64(nextOffset, 1)}`
      this.#findings.add(log.name, 'segments-overlap', 'error', reason, { offset: baseOffset })
    } else if (baseOffset > nextOffset && !this.#isAfterDamage) {
      const reason = `begins at offset ${baseOffset}, and the segment before it ends at ${subtractInt64(nextOffset, 1)}: records are missing`
      this.#gaps.push({
        add: () => this.#findings.add(log.name, 'segment-gap', 'error', reason, { offset: nextOffset }),
      })
    }
  }

  add(segment: Segment, batch: RecordBatch): void {
    const { lastOffset, count } = batch
    const baseOffset = batch.baseOffset ?? this.nextOffset ?? lastOffset
    this.#checkOffsets(segment, batch, baseOffset)
    if (batch instanceof DefaultRecordBatch) {
      const { lastOffsetDelta } = batch
      if (!batch.isControl && count !== null && count >= 0 && count <= lastOffsetDelta) this.#isCleaned = true
      this.#checkEpoch(segment, batch)
      this.#checkSequence(segment, batch)
    } else if (
      batch instanceof LegacyRecordBatch &&
      this.nextOffset !== undefined &&
      baseOffset > this.nextOffset
    ) {
      // Messages of old formats have no room to say that their neighbours were cleaned away.
      this.#isCleaned = true
    }
    if (batch.maxTimestamp >= 0) this.hasTimestamps = true
    this.nextOffset = addInt64(lastOffset, 1)
    this.#isAfterDamage = false
  }

  /** What is missing is missing for good, unless the cleaner took it. */
  finish(isKnownCleaned: boolean): void {
    if (this.#isCleaned || isKnownCleaned) return
    for (const gap of this.#gaps) gap.add()
  }

  #checkOffsets({ log, baseOffset: segmentBase }: Segment, batch: RecordBatch, baseOffset: Int64): void {
    const { position, lastOffset } = batch
    const { nextOffset } = this
    const say = (code: string, told: string) =>
      this.#findings.add(log.name, code, 'error', `the batch at position ${position} ${told}`, {
        position,
        offset: baseOffset,
      })
    if (lastOffset < baseOffset) {
      say('last-offset', `ends at offset ${lastOffset}, before it begins, at ${baseOffset}`)
    } else if (baseOffset < segmentBase) {
      say(
        'offset-below-base',
        `begins at offset ${baseOffset}, below the ${segmentBase} that the file is named after`,
      )
    } else if (subtractInt64(lastOffset, segmentBase) > LARGEST_RELATIVE) {
      say('offset-overflow', `ends at offset ${lastOffset}, too far from ${segmentBase} for the indexes`)
    } else if (nextOffset !== undefined && baseOffset < nextOffset) {
      say(
        'offsets-backwards',
        `begins at offset ${baseOffset}, though ${subtractInt64(nextOffset, 1)} came before it`,
      )
    } else if (
      nextOffset !== undefined &&
      baseOffset > nextOffset &&
      baseOffset > segmentBase &&
      !this.#isAfterDamage
    ) {
      const told = `begins at offset ${baseOffset}, and ${nextOffset} was due: records are missing`
      this.#gaps.push({ add: () => say('offset-gap', told) })
    }
  }

  #checkEpoch({ log }: Segment, { partitionLeaderEpoch, position, baseOffset }: DefaultRecordBatch): void {
    const say = (code: string, told: string) =>
      this.#findings.add(log.name, code, 'warning', `the batch at position ${position} ${told}`, {
        position,
        offset: baseOffset,
      })
    if (partitionLeaderEpoch < this.#epoch) {
      say(
        'leader-epoch-backwards',
        `is of leader epoch ${partitionLeaderEpoch}, though ${this.#epoch} came before it`,
      )
    } else if (partitionLeaderEpoch > (this.#epochs.at(-1)?.epoch ?? partitionLeaderEpoch)) {
      say(
        'leader-epoch-unknown',
        `is of leader epoch ${partitionLeaderEpoch}, which leader-epoch-checkpoint has not`,
      )
    }
    this.#epoch = partitionLeaderEpoch
  }

  #checkSequence({ log }: Segment, batch: DefaultRecordBatch): void {
    const { producerId, producerEpoch, baseSequence, position, baseOffset } = batch
    if (producerId < 0 || batch.isControl || baseSequence < 0) return
    const before = this.#producers.get(producerId)
    if (before?.producerEpoch === producerEpoch && baseSequence !== advanceSequence(before.lastSequence, 1)) {
      const reason = `the batch at position ${position} has the sequence ${baseSequence} of producer ${producerId}, whose last one was ${before.lastSequence}`
      const add = () =>
        this.#findings.add(log.name, 'sequence-gap', 'warning', reason, { position, offset: baseOffset })
      if (!this.#isAfterDamage) this.#gaps.push({ add })
    }
    if (before === undefined && this.#producers.size >= MOST_PRODUCERS) return
    this.#producers.set(producerId, { producerEpoch, lastSequence: batch.lastSequence })
  }
}
