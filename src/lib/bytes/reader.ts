import { DataError } from '../errors.ts'

/**
 * Reads big-endian values from a buffer, front to back.
 * Every read proves that its bytes are there first; nothing is allocated on a promise.
 */
export class Reader {
  readonly bytes: Buffer
  readonly end: number
  position: number
  readonly #view: DataView

  constructor(bytes: Buffer, position = 0, end = bytes.length, view?: DataView) {
    this.bytes = bytes
    this.position = position
    this.end = end
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get remaining(): number {
    return this.end - this.position
  }

  /** Claims `count` bytes and returns where they start. */
  take(count: number): number {
    const start = this.position
    if (count > this.end - start) throw this.truncated(count)
    this.position = start + count
    return start
  }

  int8(): number {
    return this.#view.getInt8(this.take(1))
  }

  uint8(): number {
    return this.#view.getUint8(this.take(1))
  }

  int16(): number {
    return this.#view.getInt16(this.take(2))
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2))
  }

  int32(): number {
    return this.#view.getInt32(this.take(4))
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4))
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.take(8))
  }

  float64(): number {
    return this.#view.getFloat64(this.take(8))
  }

  /**
   * Kafka's unsigned varint: at most five bytes. The fifth may carry bits beyond 32,
   * which Kafka shifts out, so 2^32−1 is written `ffffffff0f` and read from it.
   */
  uvarint(): number {
    const first = this.position < this.end ? (this.bytes[this.position] as number) : 0x80
    if (first > 0x7f) return this.#longUvarint()
    this.position++
    return first
  }

  /** Steps over one zero byte if that is what comes next: nearly every struct ends with "no tagged fields". */
  skipZero(): boolean {
    if (this.position >= this.end || this.bytes[this.position] !== 0) return false
    this.position++
    return true
  }

  #longUvarint(): number {
    const { bytes, end } = this
    let position = this.position
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      if (position >= end) throw this.truncated(position - this.position + 1)
      const byte = bytes[position++] as number
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.position = position
        return value >>> 0
      }
    }
    throw new DataError('varint-too-long', `a varint at byte ${this.position} is longer than 5 bytes`, {
      details: { position: this.position },
    })
  }

  /** A view of the next `count` bytes, not a copy. */
  slice(count: number): Buffer {
    const start = this.take(count)
    return this.bytes.subarray(start, start + count)
  }

  /** Another reader over a part of the same bytes. Positions stay those of the whole. */
  within(start: number, end: number): Reader {
    return new Reader(this.bytes, start, end, this.#view)
  }

  utf8(count: number): string {
    const start = this.take(count)
    return decodeUtf8(this.bytes, start, start + count)
  }

  truncated(wanted: number): DataError {
    return new DataError(
      'truncated',
      `${wanted} bytes expected at byte ${this.position}, ${this.remaining} are left`,
      { details: { position: this.position, wanted, remaining: this.remaining } },
    )
  }
}

/** Below this length a loop over ASCII bytes beats the call into the runtime's decoder. */
const SHORT = 24

function decodeUtf8(bytes: Buffer, start: number, end: number): string {
  if (end - start > SHORT) return asJavaReads(bytes, start, end)
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte > 0x7f) return asJavaReads(bytes, start, end)
    text += String.fromCharCode(byte)
  }
  return text
}

const REPLACEMENT = '\ufffd'
const BEFORE_SURROGATE = 0xed

/** A surrogate, which does not belong into UTF-8, is one mark to Java and one for each of its bytes to Node. */
function asJavaReads(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes(REPLACEMENT)) return text
  let told = ''
  let from = start
  for (let i = start; i + 1 < end; i++) {
    const size = bytes[i] === BEFORE_SURROGATE ? surrogateBytes(bytes, i, end) : 0
    if (size === 0) continue
    told += bytes.toString('utf8', from, i) + REPLACEMENT
    from = i + size
    i = from - 1
  }
  return told + bytes.toString('utf8', from, end)
}

/** Three, or two where what follows is not a part of it. */
function surrogateBytes(bytes: Buffer, at: number, end: number): number {
  if ((bytes[at + 1] as number) >> 5 !== 0b101) return 0
  const isWhole = at + 2 < end && (bytes[at + 2] as number) >> 6 === 0b10
  return isWhole ? 3 : 2
}
