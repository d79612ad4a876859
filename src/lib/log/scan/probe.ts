import { crc32 } from '../../bytes/crc32.ts'
import { crc32c } from '../../bytes/crc32c.ts'
import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { messageOverhead } from '../../records/batch-layout.ts'
import type { BatchFeed } from '../batch-feed.ts'
import { type Candidate, candidateAt, checksumPlaces, JUDGED_BYTES, type OffsetRange } from './candidate.ts'
import type { SearchBudget } from './search-budget.ts'

const PIECE_BYTES = 256 * 1024

/** Sound batches in a row that no chance and hardly any record brings about. */
const ENOUGH = 3
const MOST_HOPS = 16
const VARINT_BYTES = 5
/** The length of a message's value, and four bytes before. */
const LENGTH_BYTES = 8

/** Looks at places of a file that may be batches, piece by piece however large they claim to be. */
export class Probe {
  readonly #bytes: BatchFeed
  readonly #budget: SearchBudget
  readonly #below: Int64

  constructor(bytes: BatchFeed, budget: SearchBudget, below: Int64) {
    this.#bytes = bytes
    this.#budget = budget
    this.#below = below
  }

  get end(): number {
    return this.#bytes.end
  }

  at(position: number, from: Int64): Candidate | undefined {
    const header = this.#bytes.peek(position, JUDGED_BYTES)
    const range: OffsetRange = { from, below: this.#below }
    return candidateAt(header, 0, { position, left: this.end - position }, range)
  }

  /** The first header from a place on, before another. */
  next(position: number, before: number, from: Int64): Candidate | undefined {
    const range: OffsetRange = { from, below: this.#below }
    for (let start = position; start < before && !this.#budget.isSpent; start += PIECE_BYTES) {
      const piece = this.#bytes.peek(start, PIECE_BYTES + JUDGED_BYTES)
      const count = Math.min(PIECE_BYTES, before - start)
      for (let at = 0; at < count; at++) {
        const place = { position: start + at, left: this.end - start - at }
        const found = candidateAt(piece, at, place, range)
        if (found === undefined) continue
        this.#budget.spend(at)
        return found
      }
      this.#budget.spend(count)
    }
    return undefined
  }

  isSound(candidate: Candidate): boolean {
    const { position, sizeBytes, magic } = candidate
    const { stored, from } = checksumPlaces(magic)
    const expected = this.#bytes.peek(position + stored, 4).readUInt32BE(0)
    return this.checksum(magic, position + from, position + sizeBytes) === expected
  }

  /** Goes on from the checksum of what lies before. */
  checksum(magic: number, start: number, end: number, before = 0): number {
    const sum = magic < 2 ? crc32 : crc32c
    let crc = before
    for (let at = start; at < end && !this.#budget.isSpent; at += PIECE_BYTES) {
      const piece = this.#bytes.peek(at, Math.min(PIECE_BYTES, end - at))
      crc = sum(piece, 0, piece.length, crc)
      this.#budget.spend(piece.length)
    }
    return crc
  }

  /** Whether sound batches follow one another from here to the end, or enough of them to be no chance. */
  isChained(position: number, from: Int64): boolean {
    let next = position
    let offset = from
    for (let count = 0; count < ENOUGH; count++) {
      if (this.isEnd(next)) return true
      const candidate = this.at(next, offset)
      if (candidate === undefined || !this.isSound(candidate)) return false
      next += candidate.sizeBytes
      offset = addInt64(candidate.lastOffset, 1)
    }
    return true
  }

  /** Whether sound batches of lower offsets follow one another from this one to just that place. */
  leadsTo(place: { position: number; below: Int64 }, first: Candidate): boolean {
    let candidate: Candidate | undefined = first
    while (candidate !== undefined && this.isSound(candidate)) {
      const { position, sizeBytes, lastOffset } = candidate
      const next: number = position + sizeBytes
      if (lastOffset >= place.below || next > place.position) return false
      if (next === place.position) return true
      candidate = this.at(next, addInt64(lastOffset, 1))
    }
    return false
  }

  /** Whether frames, sound or not, lead from here to a sound batch or to the end. */
  leadsOn(position: number, from: Int64): boolean {
    let next = position
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      if (this.isEnd(next)) return true
      const candidate = this.at(next, from)
      if (candidate === undefined) return false
      if (this.isSound(candidate)) return true
      next += candidate.sizeBytes
    }
    return false
  }

  /**
   * Where the value ends that a batch is the content of, if it is: a length stands in front of a record's
   * value, and it is that of the batch, or of it and sound ones behind it.
   */
  endOfRecordAround(candidate: Candidate): number | undefined {
    const { position } = candidate
    const lengths = lengthsBefore(
      this.#bytes.peek(Math.max(0, position - LENGTH_BYTES), Math.min(position, LENGTH_BYTES)),
    )
    const most = position + Math.max(0, ...lengths)
    let end = position
    for (let next: Candidate | undefined = candidate; next !== undefined && end < most; ) {
      end += next.sizeBytes
      if (lengths.includes(end - position)) return end
      next = this.at(end, 0)
      if (next !== undefined && !this.isSound(next)) return undefined
    }
    return undefined
  }

  /** Nothing but zeros may follow: those of a preallocated file. */
  isEnd(position: number): boolean {
    return position <= this.end && this.isZero(position, this.end)
  }

  isZero(position: number, end: number): boolean {
    for (let at = position; at < end && !this.#budget.isSpent; at += PIECE_BYTES) {
      const piece = this.#bytes.peek(at, Math.min(PIECE_BYTES, end - at))
      const other = piece.findIndex((byte) => byte !== 0)
      this.#budget.spend(other === -1 ? piece.length : other)
      if (other !== -1) return false
    }
    return true
  }
}

/** What the bytes may say as the length that they end in: as a varint of magic 2, as the int32 before it. */
function lengthsBefore(bytes: Buffer): number[] {
  const lengths: number[] = []
  // In front of a message's value stands its key, or that there is none; zeros are a hole.
  const last = bytes.length - 4
  if (last >= 4 && bytes.readInt32BE(last - 4) !== 0) lengths.push(bytes.readInt32BE(last))
  let folded = 0
  for (let back = 1; back <= Math.min(bytes.length, VARINT_BYTES); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80 !== (back === 1)) break
    folded = folded * 0x80 + (byte & 0x7f)
    // A single byte says too often by chance what fits.
    if (folded % 2 === 0 && back > 1) lengths.push(folded / 2)
  }
  return lengths.filter((length) => length >= messageOverhead(0))
}
