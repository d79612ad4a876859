/** Rooms beyond this are too rare to be worth keeping. */
const LARGEST_KEPT_BYTES = 4 * 1024 * 1024
const SMALLEST_BYTES = 1024
/** Thousands may have that much at a time. */
const LITTLE_BYTES = 64 * 1024

/**
 * Buffers that are lent and come back. Touching fresh memory costs more than copying into warm memory, so those that
 * came back last are lent first.
 */
export class RoomPool {
  readonly #keepBytes: number
  readonly #limitBytes: number
  /** By size, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>()
  readonly #waiting = new Set<() => void>()
  #freeBytes = 0
  #lentBytes = 0

  constructor(sizes: { readonly keepBytes: number; readonly limitBytes: number }) {
    this.#keepBytes = sizes.keepBytes
    this.#limitBytes = sizes.limitBytes
  }

  get lentBytes(): number {
    return this.#lentBytes
  }

  get isScarce(): boolean {
    return this.#lentBytes > this.#limitBytes
  }

  /** For one who comes now: what is left, and little where nothing is. */
  get fairBytes(): number {
    return Math.max(LITTLE_BYTES, this.#limitBytes - this.#lentBytes)
  }

  /** At least so large. */
  take(sizeBytes: number): Buffer {
    const size = sizeBytes > LARGEST_KEPT_BYTES ? sizeBytes : nextPowerOfTwo(sizeBytes)
    const kept = this.#free.get(size)?.pop()
    if (kept !== undefined) this.#freeBytes -= size
    this.#lentBytes += size
    return kept ?? Buffer.allocUnsafeSlow(size)
  }

  give(room: Buffer): void {
    this.#lentBytes -= room.length
    this.#keep(room)
    this.#wake()
  }

  /** Counts memory that is not of this pool, such as a copy of a request that is being answered. */
  count(sizeBytes: number): void {
    this.#lentBytes += sizeBytes
    if (sizeBytes < 0) this.#wake()
  }

  /** Runs once there is memory again, unless it is called off. */
  onceThereIsSome(run: () => void): () => void {
    this.#waiting.add(run)
    return () => void this.#waiting.delete(run)
  }

  #keep(room: Buffer): void {
    const size = room.length
    if (size > LARGEST_KEPT_BYTES || this.#freeBytes + size > this.#keepBytes) return
    this.#freeBytes += size
    const sameSize = this.#free.get(size)
    if (sameSize === undefined) this.#free.set(size, [room])
    else sameSize.push(room)
  }

  /** Those who have waited longest first; each may take it all again. */
  #wake(): void {
    for (const run of this.#waiting) {
      if (this.isScarce) return
      this.#waiting.delete(run)
      run()
    }
  }
}

function nextPowerOfTwo(sizeBytes: number): number {
  let size = SMALLEST_BYTES
  while (size < sizeBytes) size *= 2
  return size
}
