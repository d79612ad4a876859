import { DataError } from '../errors.ts'

const MAX_ROOM = 0x7fffffff

/** Writes big-endian values into a buffer that grows by doubling. */
export class Writer {
  #bytes: Buffer
  #view: DataView
  position = 0

  constructor(room = 256) {
    this.#bytes = Buffer.allocUnsafeSlow(room)
    this.#view = viewOf(this.#bytes)
  }

  /** What has been written: a view that is valid until the next write. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.position)
  }

  /** Claims `count` bytes and returns where they start. */
  reserve(count: number): number {
    const start = this.position
    const end = start + count
    if (end > this.#bytes.length) this.#grow(end)
    this.position = end
    return start
  }

  int8(value: number): void {
    const at = this.reserve(1)
    this.#view.setInt8(at, value)
  }

  int16(value: number): void {
    const at = this.reserve(2)
    this.#view.setInt16(at, value)
  }

  int32(value: number): void {
    const at = this.reserve(4)
    this.#view.setInt32(at, value)
  }

  int64(value: bigint): void {
    const at = this.reserve(8)
    this.#view.setBigInt64(at, value)
  }

  float64(value: number): void {
    const at = this.reserve(8)
    this.#view.setFloat64(at, value)
  }

  uvarint(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.int8((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.int8(rest)
  }

  raw(source: Uint8Array): void {
    const at = this.reserve(source.length)
    this.#bytes.set(source, at)
  }

  /** Writes text of a byte length the caller has measured with `Buffer.byteLength`. */
  utf8(text: string, byteLength: number): void {
    const at = this.reserve(byteLength)
    this.#bytes.write(text, at, byteLength, 'utf8')
  }

  #grow(needed: number): void {
    if (needed > MAX_ROOM) throw tooLarge(needed)
    const larger = Buffer.allocUnsafeSlow(Math.min(MAX_ROOM, Math.max(needed, this.#bytes.length * 2)))
    larger.set(this.#bytes.subarray(0, this.position))
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function tooLarge(needed: number): DataError {
  return new DataError('message-too-large', `a message of ${needed} bytes is beyond Kafka's 2 GiB frames`)
}
