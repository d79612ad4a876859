import type { SimRandom } from './sim-random.ts'

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly sizeBytes: number }

const SECTOR_BYTES = 512

/** Bytes that grow. What was never written is zeros, and takes no room: indexes are made far larger than they get. */
class Content {
  /** Zeros from where it was written last. */
  #room = Buffer.alloc(0)
  sizeBytes = 0

  apply(change: Change): void {
    if (change.kind === 'truncate') this.#resize(change.sizeBytes)
    else this.#write(change.bytes, change.position)
  }

  read(into: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(this.sizeBytes - position, into.length))
    into.fill(0, 0, count)
    into.set(this.#room.subarray(position, position + count))
    return count
  }

  copy(): Content {
    const other = new Content()
    other.#room = Buffer.from(this.#room)
    other.sizeBytes = this.sizeBytes
    return other
  }

  #write(bytes: Buffer, position: number): void {
    const end = position + bytes.length
    if (end > this.#room.length) {
      const room = Buffer.alloc(Math.max(end, 2 * this.#room.length))
      room.set(this.#room)
      this.#room = room
    }
    this.#room.set(bytes, position)
    this.sizeBytes = Math.max(this.sizeBytes, end)
  }

  #resize(sizeBytes: number): void {
    if (sizeBytes < this.#room.length) this.#room.fill(0, sizeBytes)
    this.sizeBytes = sizeBytes
  }
}

/** A file as programs see it, and as it would be found after a power cut. */
export class SimFile {
  modifiedMs: number
  #seen = new Content()
  #safe = new Content()
  #unsafe: Change[] = []
  #safeChanges = 0

  constructor(nowMs: number) {
    this.modifiedMs = nowMs
  }

  get sizeBytes(): number {
    return this.#seen.sizeBytes
  }

  /** How often it was changed. */
  get changes(): number {
    return this.#safeChanges + this.#unsafe.length
  }

  read(into: Uint8Array, position: number): number {
    return this.#seen.read(into, position)
  }

  write(bytes: Uint8Array, position: number, nowMs: number): void {
    this.#change({ kind: 'write', position, bytes: Buffer.from(bytes) }, nowMs)
  }

  truncate(sizeBytes: number, nowMs: number): void {
    this.#change({ kind: 'truncate', sizeBytes }, nowMs)
  }

  /** What was changed before a flush began is safe when it ends. */
  makeSafe(changes: number): void {
    const flushed = this.#unsafe.splice(0, Math.max(0, changes - this.#safeChanges))
    for (const change of flushed) this.#safe.apply(change)
    this.#safeChanges += flushed.length
  }

  /** What a power cut leaves of a file. */
  losePower(random: SimRandom): void {
    if (random.isTrue(0.5)) this.#keepFirst(random)
    else this.#keepSome(random)
    this.#safeChanges += this.#unsafe.length
    this.#unsafe = []
    this.#seen = this.#safe.copy()
  }

  /** Changes are lost from some point on; the first of those may have reached the disk by a part. */
  #keepFirst(random: SimRandom): void {
    const kept = random.below(this.#unsafe.length + 1)
    const torn = this.#unsafe[kept]
    this.makeSafe(this.#safeChanges + kept)
    if (torn?.kind === 'write' && random.isTrue(0.5)) {
      const sectors = random.below(Math.ceil(torn.bytes.length / SECTOR_BYTES))
      this.#safe.apply({ ...torn, bytes: torn.bytes.subarray(0, sectors * SECTOR_BYTES) })
    }
  }

  /** Each sector is as it was at one time or another; sizes are kept by a journal. */
  #keepSome(random: SimRandom): void {
    const cuts = this.#unsafe.flatMap(({ kind }, i) => (kind === 'truncate' ? [i] : []))
    const kept = this.#unsafe.slice(0, [...cuts, this.#unsafe.length][random.below(cuts.length + 1)])
    const chances = new Map<number, number>()
    for (const [i, change] of kept.entries()) {
      if (change.kind === 'truncate') this.#safe.apply(change)
      else
        this.#keepSectors(change.bytes, change.position, (sector) => {
          // Up to which of the changes its last visit to the disk had come.
          const upTo = chances.get(sector) ?? (random.isTrue(0.6) ? kept.length : random.below(kept.length))
          chances.set(sector, upTo)
          return i < upTo
        })
    }
  }

  #keepSectors(bytes: Buffer, position: number, isKept: (sector: number) => boolean): void {
    const end = position + bytes.length
    for (let from = position; from < end; ) {
      const sector = Math.floor(from / SECTOR_BYTES)
      const to = Math.min((sector + 1) * SECTOR_BYTES, end)
      const piece = bytes.subarray(from - position, to - position)
      if (isKept(sector)) this.#safe.apply({ kind: 'write', position: from, bytes: piece })
      from = to
    }
  }

  #change(change: Change, nowMs: number): void {
    this.#seen.apply(change)
    this.#unsafe.push(change)
    this.modifiedMs = nowMs
  }
}
