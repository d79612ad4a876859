import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import type { Damage } from '../../records/damage.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { EpochEntry } from '../files/leader-epoch-checkpoint.ts'
import type { Segment } from '../partition-folder.ts'
import type { Findings } from './finding.ts'
import { ProducerSequences } from './producer-sequences.ts'
import type { VerifiedRecords } from './verify-records.ts'

/** Damage, told of when the next sound batch shows what it cost. */
interface Unread {
  readonly log: string
  readonly damage: Damage
  readonly offset: Int64
}

const LARGEST_RELATIVE = 2 ** 31 - 1
/** A log that was cleaned may have as many gaps as batches. */
const MOST_GAPS = 100

/** What the batches of a partition say, one after the other and segment after segment. */
export class BatchSequence {
  firstOffset: Int64 | undefined
  /** One above the largest offset so far. */
  nextOffset: Int64 | undefined
  /** Between sound batches that were found. */
  lostOffsets: Int64 = 0
  readonly #findings: Findings
  readonly #lastEpoch: number
  readonly #sequences = new ProducerSequences()
  /** Findings that the cleaner explains, held back until it is known whether it was here. */
  readonly #gaps: (() => void)[] = []
  readonly #damages: Unread[] = []
  /** What a broker keeps in files of their own. */
  hasProducers = false
  hasEpochs = false
  #isCleaned = false
  #isAfterDamage = false
  #epoch = -1

  constructor(findings: Findings, epochs: readonly EpochEntry[]) {
    this.#findings = findings
    this.#lastEpoch = epochs.at(-1)?.epoch ?? Number.POSITIVE_INFINITY
  }

  /** Offsets may be missing behind damage; the damage says so itself, once it is known which. */
  damaged({ log, baseOffset }: Segment, damage: Damage): void {
    this.#isAfterDamage = true
    this.#sequences.forget()
    this.#damages.push({ log: log.name, damage, offset: this.nextOffset ?? baseOffset })
  }

  beginSegment({ baseOffset, log }: Segment): void {
    if (this.#damages.length > 0) this.#tellDamages(baseOffset)
    const { nextOffset } = this
    if (nextOffset === undefined || baseOffset === nextOffset) return
    const last = subtractInt64(nextOffset, 1)
    if (baseOffset < nextOffset) {
      const reason = `begins at offset ${baseOffset}, though the segment before it goes up to ${last}`
      this.#findings.add(log.name, 'segments-overlap', 'error', reason, { offset: baseOffset })
    } else if (!this.#isAfterDamage) {
      const reason = `begins at offset ${baseOffset}, and the segment before it ends at ${last}: records are missing`
      this.#gap(() => this.#findings.add(log.name, 'segment-gap', 'error', reason, { offset: nextOffset }))
    }
  }

  /** `wrapped` is what the content of a wrapper says, if it could be read. */
  add(segment: Segment, batch: RecordBatch, wrapped: VerifiedRecords['wrapped']): void {
    const { lastOffset } = batch
    const baseOffset = wrapped?.baseOffset ?? batch.baseOffset ?? this.#baseOfWrapper(segment, lastOffset)
    if (this.#damages.length > 0) this.#tellDamages(baseOffset)
    this.#checkOffsets(segment, batch, baseOffset)
    if (batch instanceof DefaultRecordBatch) this.#addDefault(segment, batch)
    else if (wrapped?.isCleaned === true || this.#isGapInside(segment, baseOffset)) {
      // Messages of old formats have no room to say that their neighbours were cleaned away.
      this.#isCleaned = true
    }
    if (this.firstOffset === undefined || baseOffset < this.firstOffset) this.firstOffset = baseOffset
    const end = addInt64(lastOffset, 1)
    if (this.nextOffset === undefined || end > this.nextOffset) this.nextOffset = end
    this.#isAfterDamage = false
  }

  /** What is missing is missing for good, unless the cleaner took it. */
  finish(isKnownCleaned: boolean): void {
    this.#tellDamages(undefined)
    if (this.#isCleaned || isKnownCleaned) return
    for (const tell of this.#gaps) tell()
  }

  #addDefault(segment: Segment, batch: DefaultRecordBatch): void {
    const { count, lastOffsetDelta, baseOffset, position } = batch
    if (!batch.isControl && count >= 0 && count <= lastOffsetDelta) this.#isCleaned = true
    this.#checkEpoch(segment, batch)
    if (batch.producerId >= 0) this.hasProducers = true
    if (this.nextOffset !== undefined && baseOffset !== this.nextOffset) this.#sequences.forget()
    const before = this.#sequences.add(batch)
    if (before === undefined) return
    const { baseSequence, producerId } = batch
    const reason = `the batch at position ${position} has the sequence ${baseSequence} of producer ${producerId}, whose last one was ${before}`
    const place = { position, offset: baseOffset }
    this.#gap(() => this.#findings.add(segment.log.name, 'sequence-gap', 'warning', reason, place))
  }

  #gap(tell: () => void): void {
    if (this.#gaps.length < MOST_GAPS && !this.#isCleaned) this.#gaps.push(tell)
  }

  #isGapInside({ baseOffset: segmentBase }: Segment, baseOffset: Int64): boolean {
    const { nextOffset } = this
    const isInside = nextOffset !== undefined && nextOffset > segmentBase && baseOffset > nextOffset
    return isInside && !this.#isAfterDamage
  }

  /** Only its content says; what its neighbours say is enough to see whether it fits between them. */
  #baseOfWrapper({ baseOffset }: Segment, lastOffset: Int64): Int64 {
    const { nextOffset = baseOffset } = this
    const due = nextOffset > baseOffset ? nextOffset : baseOffset
    return due < lastOffset ? due : lastOffset
  }

  #tellDamages(next: Int64 | undefined): void {
    for (const [i, { log, damage, offset }] of this.#damages.splice(0).entries()) {
      const { reason, position, finding } = damage
      // Which of several in a row held which offsets is not known.
      const isLost = i === 0 && next !== undefined && next > offset
      const lost = isLost ? `; ${offsetsBetween(offset, next)} cannot be read` : ''
      if (isLost) this.lostOffsets = addInt64(this.lostOffsets, subtractInt64(next, offset))
      const told = `the batch at position ${position} cannot be believed: ${finding}${lost}`
      this.#findings.add(log, `batch-${reason}`, 'error', told, { position, offset })
    }
  }

  #checkOffsets(segment: Segment, batch: RecordBatch, baseOffset: Int64): void {
    const { position, lastOffset } = batch
    const { nextOffset } = this
    const segmentBase = segment.baseOffset
    const say = (code: string, told: string) =>
      this.#say(segment, 'error', { position, baseOffset }, code, told)
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
      const last = subtractInt64(nextOffset, 1)
      say('offsets-backwards', `begins at offset ${baseOffset}, though ${last} came before it`)
    } else if (this.#isGapInside(segment, baseOffset)) {
      const told = `begins at offset ${baseOffset}, and ${nextOffset} was due: records are missing`
      this.#gap(() => say('offset-gap', told))
    }
  }

  #checkEpoch(segment: Segment, { partitionLeaderEpoch: epoch, position, baseOffset }: DefaultRecordBatch) {
    const say = (code: string, told: string) =>
      this.#say(segment, 'warning', { position, baseOffset }, code, told)
    if (epoch < this.#epoch) {
      say('leader-epoch-backwards', `is of leader epoch ${epoch}, though ${this.#epoch} came before it`)
    } else if (epoch > this.#lastEpoch) {
      say('leader-epoch-unknown', `is of leader epoch ${epoch}, which leader-epoch-checkpoint has not`)
    } else this.#epoch = epoch
    if (epoch >= 0) this.hasEpochs = true
  }

  #say(
    { log }: Segment,
    severity: 'warning' | 'error',
    { position, baseOffset }: { position: number; baseOffset: Int64 },
    code: string,
    told: string,
  ): void {
    const place = { position, offset: baseOffset }
    this.#findings.add(log.name, code, severity, `the batch at position ${position} ${told}`, place)
  }
}

function offsetsBetween(from: Int64, to: Int64): string {
  const last = subtractInt64(to, 1)
  return from === last ? `offset ${from}` : `offsets ${from} to ${last}`
}
