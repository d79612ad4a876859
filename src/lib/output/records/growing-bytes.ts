/** Bytes that are written one after the other, in a buffer that grows as it must. */
export class GrowingBytes {
  bytes: Buffer
  at = 0

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes)
  }

  /** There is room for so many more. */
  reserve(sizeBytes: number): void {
    if (this.at + sizeBytes <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + sizeBytes))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }

  add(bytes: Buffer): void {
    this.reserve(bytes.length)
    this.at += bytes.copy(this.bytes, this.at)
  }

  text(text: string): void {
    // No character of UTF-16 has more than three bytes.
    this.reserve(text.length * 3)
    this.at += this.bytes.write(text, this.at)
  }

  /** What was written since the last time; good until more is written. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at)
    this.at = 0
    return taken
  }
}
