const BILLION = 1_000_000_000
const ZERO = 48
const MINUS = 45

/** Writes lines of JSON byte by byte, where putting text together would be most of the work. */
export class LineBytes {
  readonly bytes: Buffer
  at = 0

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes)
  }

  /** A few bytes that were text once; a call to copy them would cost more than they do. */
  raw(from: Uint8Array): void {
    const { bytes } = this
    let at = this.at
    for (let i = 0; i < from.length; i++) bytes[at++] = from[i] as number
    this.at = at
  }

  text(text: string): void {
    this.at += this.bytes.write(text, this.at)
  }

  /** An int64 is a bigint only beyond what a reader of JSON gets exactly, and then its digits as text. */
  int64(value: number | bigint): void {
    if (typeof value === 'number') this.integer(value)
    else this.text(`"${value}"`)
  }

  /** Any safe integer. */
  integer(value: number): void {
    if (value < 0) this.bytes[this.at++] = MINUS
    const size = Math.abs(value)
    const high = size < BILLION ? 0 : Math.floor(size / BILLION)
    if (high > 0) this.#digits(high, digitCount(high))
    const low = size - high * BILLION
    this.#digits(low, high > 0 ? 9 : digitCount(low))
  }

  #digits(value: number, count: number): void {
    const end = this.at + count
    let rest = value | 0
    for (let at = end - 1; at >= this.at; at--) {
      const tenth = (rest / 10) | 0
      this.bytes[at] = ZERO + rest - tenth * 10
      rest = tenth
    }
    this.at = end
  }
}

function digitCount(value: number): number {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count++
  return count
}
