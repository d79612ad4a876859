import { ConnectionError } from '../../errors.ts'
import { mistakenPort } from './mistaken-port.ts'

const LENGTH_BYTES = 4
const ROOM_BYTES = 64 * 1024
/** No broker may send more at once: four times what Java's consumers ask for, together with its head. */
const LARGEST_BYTES = 256 * 1024 * 1024
/** A length is only a promise: as much is set aside at once, and more as the bytes come. */
const TRUSTED_BYTES = 4 * 1024 * 1024

/** Bytes as they come, cut into frames. Each frame is a buffer of its own, or a view of one that is given away. */
export class FrameInlet {
  readonly #frame: (frame: Buffer) => void
  #bytes = Buffer.allocUnsafe(ROOM_BYTES)
  #start = 0
  #end = 0

  constructor(frame: (frame: Buffer) => void) {
    this.#frame = frame
  }

  room(): Uint8Array {
    return this.#bytes.subarray(this.#end)
  }

  /** Throws for bytes that are no answer of a broker. */
  received(sizeBytes: number): void {
    this.#end += sizeBytes
    let wanted = this.#wanted()
    while (this.#end - this.#start >= wanted) {
      const frame = this.#bytes.subarray(this.#start + LENGTH_BYTES, this.#start + wanted)
      this.#start += wanted
      this.#frame(frame)
      wanted = this.#wanted()
    }
    this.#settle(wanted)
  }

  /** Of the frame that has begun, with its length. */
  #wanted(): number {
    if (this.#end - this.#start < LENGTH_BYTES) return LENGTH_BYTES
    const length = this.#bytes.readInt32BE(this.#start)
    if (length >= 4 && length <= LARGEST_BYTES) return LENGTH_BYTES + length
    throw (
      mistakenPort(this.#bytes.subarray(this.#start, this.#end)) ??
      new ConnectionError('no-answer-of-kafka', `an answer of ${length} bytes is none of Kafka's`)
    )
  }

  /** Frames that were given away keep their bytes: what is left of the next one moves on where its room is too small. */
  #settle(wanted: number): void {
    const left = this.#end - this.#start
    const size = this.#bytes.length
    const isGrowing = this.#start === 0 && size >= TRUSTED_BYTES
    if (this.#end < size && (wanted <= size - this.#start || isGrowing)) return
    const bytes = Buffer.allocUnsafe(
      Math.max(ROOM_BYTES, Math.min(wanted, Math.max(TRUSTED_BYTES, left * 2))),
    )
    this.#bytes.copy(bytes, 0, this.#start, this.#end)
    this.#bytes = bytes
    this.#start = 0
    this.#end = left
  }
}
