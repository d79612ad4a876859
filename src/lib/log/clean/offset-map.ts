import { Md5 } from '../../bytes/md5.ts'
import { BugError } from '../../errors.ts'

/** A key's MD5 and an offset: what Kafka keeps of a key, so that as many fit into the same memory. */
export const MAP_ENTRY_BYTES = 24
const KEY_WORDS = 4
const FEWEST_SLOTS = 64
/** One bit for each offset of what was mapped: beyond this, keys are looked up instead. */
const LARGEST_MARKS_BYTES = 4 * 1024 * 1024

/**
 * The last offset of each key in the part of a log that is being cleaned. Keys are known by their MD5 alone, and
 * the room is what it is: who fills it cleans up to there, and the rest in the next round.
 */
export class OffsetMap {
  readonly slots: number
  size = 0
  /** What the map speaks for: of all up to here it knows whether a later one has the same key. */
  latestOffset = -1
  readonly #keys: Int32Array
  /** One more than the offset, so that an empty slot is 0. */
  readonly #offsets: Float64Array
  readonly #hash = new Md5()
  #firstMarked = Number.POSITIVE_INFINITY
  #marks = new Uint8Array(0)

  constructor(memoryBytes: number) {
    const most = Math.max(FEWEST_SLOTS, Math.floor(memoryBytes / MAP_ENTRY_BYTES))
    this.slots = 2 ** Math.floor(Math.log2(most))
    this.#keys = new Int32Array(this.slots * KEY_WORDS)
    this.#offsets = new Float64Array(this.slots)
  }

  put(bytes: Uint8Array, keyStart: number, keyLength: number, offset: number): void {
    if (this.size >= this.slots) throw new BugError('map-full', 'the offset map has no room for a key')
    const slot = this.#find(bytes, keyStart, keyLength)
    if (this.#offsets[slot] === 0) {
      const { a, b, c, d } = this.#hash
      const at = slot * KEY_WORDS
      this.#keys[at] = a
      this.#keys[at + 1] = b
      this.#keys[at + 2] = c
      this.#keys[at + 3] = d
      this.size++
    }
    this.#offsets[slot] = offset + 1
    this.latestOffset = offset
  }

  /** −1 where it has none of that key. */
  get(bytes: Uint8Array, keyStart: number, keyLength: number): number {
    return (this.#offsets[this.#find(bytes, keyStart, keyLength)] as number) - 1
  }

  /**
   * To be called once everything from that offset on was put. The last offset of a key is known from then on by the
   * offset alone, which spares the hash of every key that is seen a second time.
   */
  markFrom(offset: number): void {
    const bytes = Math.ceil((this.latestOffset + 1 - offset) / 8)
    if (bytes <= 0 || bytes > LARGEST_MARKS_BYTES) return
    this.#firstMarked = offset
    this.#marks = new Uint8Array(bytes)
    for (let slot = 0; slot < this.slots; slot++) {
      const index = (this.#offsets[slot] as number) - 1 - offset
      if (index >= 0) this.#marks[index >>> 3] = (this.#marks[index >>> 3] as number) | (1 << (index & 7))
    }
  }

  /** Whether no later record, as far as the map speaks, has the same key. */
  isLast(bytes: Uint8Array, keyStart: number, keyLength: number, offset: number): boolean {
    if (offset < this.#firstMarked) return offset >= this.get(bytes, keyStart, keyLength)
    const index = offset - this.#firstMarked
    return (((this.#marks[index >>> 3] as number) >>> (index & 7)) & 1) === 1
  }

  /** The slot of the key, or the empty one where it would be. A power of two of them is passed whole by odd steps. */
  #find(bytes: Uint8Array, keyStart: number, keyLength: number): number {
    const hash = this.#hash
    hash.hash(bytes, keyStart, keyLength)
    const { a, b, c, d } = hash
    const mask = this.slots - 1
    const step = b | 1
    let slot = a & mask
    for (let tried = 0; tried < this.slots && this.#offsets[slot] !== 0; tried++) {
      const at = slot * KEY_WORDS
      const keys = this.#keys
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return slot
      slot = (slot + step) & mask
    }
    return slot
  }
}
