import { Writer } from '../../bytes/writer.ts'

/** Below this, copying costs less than one more piece of a gathering write. */
const WORTH_GATHERING_BYTES = 16 * 1024

interface Gap {
  readonly at: number
  readonly bytes: Uint8Array
}

/** Where a response begins, to come back to. */
export interface ResponseMark {
  readonly position: number
  readonly sizeBytes: number
  readonly gaps: number
}

/**
 * Writes responses without copying their large parts: these are noted where they stand, and sent between the pieces
 * that were written here.
 */
export class ResponseWriter extends Writer {
  readonly #gaps: Gap[] = []
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

  mark(): ResponseMark {
    return { position: this.position, sizeBytes: this.sizeBytes, gaps: this.#gaps.length }
  }

  /** Takes back what was written since. */
  rewind(mark: ResponseMark): void {
    this.position = mark.position
    this.#gaps.length = mark.gaps
    this.#gapBytes = mark.sizeBytes - mark.position
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
    this.rewind({ position: 0, sizeBytes: 0, gaps: 0 })
  }
}
