import { Writer } from '../../bytes/writer.ts'

/** Below this, copying costs less than one more piece of a gathering write. */
const WORTH_GATHERING_BYTES = 16 * 1024

/**
 * Writes a response without copying its large parts: they are noted where they stand, and sent between the pieces
 * that were written here.
 */
export class ResponseWriter extends Writer {
  readonly #gaps: { readonly at: number; readonly bytes: Uint8Array }[] = []
  #gapBytes = 0

  get sizeBytes(): number {
    return this.position + this.#gapBytes
  }

  override raw(source: Uint8Array): void {
    if (source.length < WORTH_GATHERING_BYTES) {
      super.raw(source)
      return
    }
    this.#gaps.push({ at: this.position, bytes: source })
    this.#gapBytes += source.length
  }

  /** All bytes in order; views that are valid until the next write. */
  pieces(): Uint8Array[] {
    const own = this.written()
    if (this.#gaps.length === 0) return [own]
    const pieces: Uint8Array[] = []
    let from = 0
    for (const { at, bytes } of this.#gaps) {
      if (at > from) pieces.push(own.subarray(from, at))
      pieces.push(bytes)
      from = at
    }
    if (from < own.length) pieces.push(own.subarray(from))
    return pieces
  }

  clear(): void {
    this.position = 0
    this.#gaps.length = 0
    this.#gapBytes = 0
  }
}
