import { damagedKeyStore } from './key-store-errors.ts'

export const tags = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** `[0]` around something. */
  explicit0: 0xa0,
  /** `[0]` in the place of an octet string's own tag. */
  octets0: 0x80,
} as const

const LONGEST_LENGTH_BYTES = 4

/** One value of DER, and where it lay. */
export interface Der {
  readonly tag: number
  readonly content: Buffer
  /** With its tag and length. */
  readonly whole: Buffer
}

/** Values of DER that lie behind each other. Only as much is believed of a length as there are bytes. */
export class DerReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** What comes next, which must have this tag. */
  take(tag: number): Der {
    const value = this.any()
    if (value.tag === tag) return value
    throw damagedKeyStore(`a value of DER has the tag ${value.tag} in the place of ${tag}`)
  }

  /** What comes next if it has this tag. */
  maybe(tag: number): Der | undefined {
    return this.isAtEnd || this.#bytes[this.#at] !== tag ? undefined : this.any()
  }

  /** The values inside of the next one. */
  inside(tag: number): DerReader {
    return new DerReader(this.take(tag).content)
  }

  integer(): number {
    const { content } = this.take(tags.integer)
    if (content.length === 0 || content.length > 6 || (content[0] ?? 0) >= 0x80)
      throw damagedKeyStore('a number of DER is too large')
    return content.readUIntBE(0, content.length)
  }

  octets(): Buffer {
    return this.take(tags.octets).content
  }

  /** As people write it: 1.2.840.… */
  oid(): string {
    const numbers: number[] = []
    let value = 0
    for (const byte of this.take(tags.oid).content) {
      value = value * 128 + (byte & 0x7f)
      if (value > Number.MAX_SAFE_INTEGER) throw damagedKeyStore('an object identifier is too large')
      if (byte < 0x80) {
        numbers.push(value)
        value = 0
      }
    }
    const [first = 0, ...rest] = numbers
    const root = Math.min(2, Math.floor(first / 40))
    return [root, first - root * 40, ...rest].join('.')
  }

  any(): Der {
    const start = this.#at
    const tag = this.#byte()
    if ((tag & 0x1f) === 0x1f) throw damagedKeyStore('a tag of DER is too large')
    const length = this.#length()
    if (length > this.#bytes.length - this.#at)
      throw damagedKeyStore(`a value of ${length} bytes does not end where the file does`)
    const content = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return { tag, content, whole: this.#bytes.subarray(start, this.#at) }
  }

  #length(): number {
    const first = this.#byte()
    if (first < 0x80) return first
    const count = first & 0x7f
    if (count === 0 || count > LONGEST_LENGTH_BYTES) throw damagedKeyStore('a length of DER is not definite')
    let length = 0
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte()
    return length
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw damagedKeyStore('it ends too early')
    this.#at += 1
    return byte
  }
}
