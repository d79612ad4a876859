/** A pattern, code point by code point. */
export class Scanner {
  readonly #points: readonly string[]
  at = 0

  constructor(text: string) {
    this.#points = [...text]
  }

  get hasMore(): boolean {
    return this.at < this.#points.length
  }

  peek(): string {
    return this.#points[this.at] ?? ''
  }

  next(): string {
    return this.#points[this.at++] ?? ''
  }

  /** Goes on behind it, if it is next. */
  skip(text: string): boolean {
    if (!this.isAt(text)) return false
    this.at += [...text].length
    return true
  }

  isAt(text: string): boolean {
    return [...text].every((point, i) => this.#points[this.at + i] === point)
  }

  /** Up to the text and behind it; null where it does not come any more. */
  until(text: string): string | null {
    const from = this.at
    while (this.hasMore) {
      const found = this.#points.slice(from, this.at).join('')
      if (this.skip(text)) return found
      this.at++
    }
    this.at = from
    return null
  }

  rest(): string {
    const rest = this.#points.slice(this.at).join('')
    this.at = this.#points.length
    return rest
  }

  digits(): number | null {
    let text = ''
    while (/^[0-9]$/.test(this.peek())) text += this.next()
    return text === '' || (text.length > 1 && text.startsWith('0')) ? null : Number(text)
  }
}
