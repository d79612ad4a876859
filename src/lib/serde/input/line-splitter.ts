const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22

export interface LineRules {
  readonly maxBytes: number
  /** Takes the CR before the LF away. */
  readonly hasCarriageReturns: boolean
  /** As in CSV: a line end between quotes is none. */
  readonly hasQuotes?: boolean
}

/** Null stands for a line that is longer than allowed. */
export type Line = Buffer | null

/**
 * Cuts bytes into lines, without their ends. A line that lies whole in what was read is a view of it; of one that is
 * too long nothing is kept, so that input without line ends does not fill the memory.
 */
export class LineSplitter {
  readonly #rules: LineRules
  #parts: Buffer[] = []
  #heldBytes = 0
  #isTooLong = false
  #isQuoted = false
  /** From 1; of the one that is being read. */
  #line = 1
  #lineEnds = 0

  constructor(rules: LineRules) {
    this.#rules = rules
  }

  /** Gives each line that is whole now, and its number. A callback, since a line is all that there is between others. */
  read(bytes: Buffer, take: (line: Line, at: number) => void): void {
    let start = 0
    for (let end = this.#endFrom(bytes, 0); end >= 0; end = this.#endFrom(bytes, start)) {
      this.#finish(bytes.subarray(start, end), take)
      start = end + 1
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start))
  }

  /** What stands behind the last line end. */
  end(take: (line: Line, at: number) => void): void {
    if (this.#heldBytes > 0) this.#finish(Buffer.alloc(0), take)
  }

  #endFrom(bytes: Buffer, start: number): number {
    let end = bytes.indexOf(LINE_FEED, start)
    if (this.#rules.hasQuotes !== true) return end
    for (let from = start; end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#countQuotes(bytes, from, end)
      if (!this.#isQuoted) return end
      this.#lineEnds += 1
      from = end + 1
    }
    this.#countQuotes(bytes, Math.max(start, bytes.lastIndexOf(LINE_FEED) + 1), bytes.length)
    return -1
  }

  #countQuotes(bytes: Buffer, start: number, end: number): void {
    for (let at = bytes.indexOf(QUOTE, start); at >= 0 && at < end; at = bytes.indexOf(QUOTE, at + 1)) {
      this.#isQuoted = !this.#isQuoted
    }
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.length
    if (this.#isTooLong || this.#heldBytes > this.#rules.maxBytes) {
      this.#isTooLong = true
      this.#parts = []
    } else {
      // What is read next may come into the same memory.
      this.#parts.push(Buffer.from(part))
    }
  }

  #finish(last: Buffer, take: (line: Line, at: number) => void): void {
    const at = this.#line
    this.#line += 1 + this.#lineEnds
    this.#lineEnds = 0
    take(this.#whole(last), at)
  }

  #whole(last: Buffer): Line {
    const { maxBytes, hasCarriageReturns } = this.#rules
    let line: Line = last
    if (this.#heldBytes > 0) {
      const isTooLong = this.#isTooLong || this.#heldBytes + last.length > maxBytes
      line = isTooLong ? null : Buffer.concat([...this.#parts, last])
      this.#parts = []
      this.#heldBytes = 0
      this.#isTooLong = false
    }
    if (line === null || line.length > maxBytes) return null
    return hasCarriageReturns && line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line
  }
}
