import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { smallestBatch } from '../../records/batch-layout.ts'
import type { BatchFeed } from '../batch-feed.ts'
import { type Candidate, JUDGED_BYTES } from './candidate.ts'
import { type DamagedFrame, damagedFrame } from './damaged-frame.ts'
import { Probe } from './probe.ts'
import type { SearchBudget } from './search-budget.ts'

/** Where the scan goes on behind damage. */
export interface Resumption {
  readonly position: number
  /**
   * frame: the length leads to what follows, only the content is damaged. length: the CRC shows that the batch
   * is whole and its length alone is wrong. found: the next batch that can be believed. end: there is none.
   * gaveUp: the search had touched more than it may.
   */
  readonly by: 'frame' | 'length' | 'found' | 'end' | 'gaveUp'
}

/** Batches before this offset are behind us; all of the file's are below the other. */
export interface Bounds {
  readonly from: Int64
  readonly below: Int64
}

/**
 * Finds the next batch behind damage. A record may hold whole batches, so that a right checksum alone proves
 * nothing: what follows must make sense, and offsets only grow.
 */
export function resume(bytes: BatchFeed, position: number, bounds: Bounds, budget: SearchBudget): Resumption {
  const probe = new Probe(bytes, budget, bounds.below)
  const frame = damagedFrame(bytes.peek(position, JUDGED_BYTES), position, bounds)
  if (frame === undefined) return { position: bytes.end, by: 'end' }
  const resumption = new Search(probe, frame, bounds).run()
  return budget.isSpent ? { position: bytes.end, by: 'gaveUp' } : resumption
}

class Search {
  readonly #probe: Probe
  readonly #frame: DamagedFrame
  readonly #bounds: Bounds
  /** Where its length leads, if that is inside of the file. */
  readonly #framed: number | undefined
  #summedTo: number
  #sum = 0

  constructor(probe: Probe, frame: DamagedFrame, bounds: Bounds) {
    this.#probe = probe
    this.#frame = frame
    this.#bounds = bounds
    const framed = frame.position + frame.sizeBytes
    this.#framed = frame.sizeBytes >= smallestBatch(frame.magic) && framed <= probe.end ? framed : undefined
    this.#summedTo = frame.checkedFrom
  }

  run(): Resumption {
    const framed = this.#framed
    const { position, lastOffset } = this.#frame
    const { from } = this.#bounds
    if (framed !== undefined) {
      const trueEnd = this.#endByChecksum(framed)
      if (trueEnd !== undefined) return { position: trueEnd, by: 'length' }
      if (this.#probe.isChained(framed, from))
        return this.#within(framed) ?? { position: framed, by: 'frame' }
    }
    const beyond = this.#endByChecksum(this.#probe.end)
    if (beyond !== undefined) return { position: beyond, by: 'length' }
    if (lastOffset !== undefined) return this.#behindHeader(addInt64(lastOffset, 1))
    const found = this.#search(position + 1, from)
    if (found !== undefined) return found
    if (framed !== undefined && this.#probe.leadsOn(framed, from)) return { position: framed, by: 'frame' }
    return { position: this.#probe.end, by: 'end' }
  }

  /** The header looks sound. Where its frame leads nowhere, more than the length or the records is damaged. */
  #behindHeader(from: Int64): Resumption {
    const framed = this.#framed
    if (framed === undefined) return { position: this.#probe.end, by: 'end' }
    if (this.#probe.leadsOn(framed, from)) return { position: framed, by: 'frame' }
    const start = this.#frame.position + 1
    // What its header says of its offsets may be what was damaged.
    const found = this.#search(start, from) ?? this.#search(start, this.#bounds.from)
    return found ?? { position: this.#probe.end, by: 'end' }
  }

  /**
   * Bytes may be missing so that a length leads to a batch by chance, past others. Only where offsets are missing
   * too can batches stand within the frame, and then they lead to the same place.
   */
  #within(framed: number): Resumption | undefined {
    const { position, lastOffset } = this.#frame
    const from = lastOffset === undefined ? this.#bounds.from : addInt64(lastOffset, 1)
    const behind = this.#probe.at(framed, from)
    // A frame that leads to the very end is as good as any; one that leaves zeros behind itself may be by chance.
    const below = behind?.baseOffset ?? (framed === this.#probe.end ? from : this.#bounds.below)
    if (below <= from) return undefined
    const place = { position: behind?.position ?? this.#probe.end, below }
    let next = position + 1
    for (;;) {
      const candidate = this.#probe.next(next, framed, from)
      if (candidate === undefined) return undefined
      next = candidate.position + 1
      if (!this.#probe.leadsTo(place, candidate)) continue
      const recordEnd = this.#probe.endOfRecordAround(candidate)
      if (recordEnd === undefined) return this.#at(candidate)
      next = recordEnd
    }
  }

  /** Where the damaged batch ends if all but its length is as it was written. */
  #endByChecksum(before: number): number | undefined {
    const { position, lastOffset } = this.#frame
    const from = lastOffset === undefined ? this.#bounds.from : addInt64(lastOffset, 1)
    let next = Math.max(position + 1, this.#summedTo)
    for (;;) {
      const candidate = this.#probe.next(next, before, from)
      if (candidate === undefined) break
      if (this.#isWholeUpTo(candidate.position)) return candidate.position
      next = candidate.position + 1
    }
    return this.#isWholeUpTo(before) ? before : undefined
  }

  #search(start: number, from: Int64): Resumption | undefined {
    const lone: Candidate[] = []
    let next = start
    for (;;) {
      const candidate = this.#probe.next(next, this.#probe.end, from)
      if (candidate === undefined) return this.#firstOf(lone, undefined)
      const { position, sizeBytes, lastOffset } = candidate
      next = position + 1
      if (!this.#probe.isSound(candidate)) continue
      const recordEnd = this.#probe.endOfRecordAround(candidate)
      next = recordEnd ?? position + sizeBytes
      if (recordEnd !== undefined) continue
      if (this.#probe.isChained(position + sizeBytes, addInt64(lastOffset, 1))) {
        return this.#firstOf(lone, candidate) ?? this.#at(candidate)
      }
      lone.push(candidate)
    }
  }

  #at({ position }: Candidate): Resumption {
    return { position, by: position === this.#framed ? 'frame' : 'found' }
  }

  /** A sound batch with damage right behind it, unless what follows for sure shows that it cannot be one. */
  #firstOf(lone: readonly Candidate[], sure: Candidate | undefined): Resumption | undefined {
    const found = lone.find(({ lastOffset }) => sure === undefined || lastOffset < sure.baseOffset)
    return found && this.#at(found)
  }

  #isWholeUpTo(end: number): boolean {
    const { magic, storedCrc } = this.#frame
    if (end <= this.#summedTo) return false
    this.#sum = this.#probe.checksum(magic, this.#summedTo, end, this.#sum)
    this.#summedTo = end
    return this.#sum === storedCrc
  }
}
