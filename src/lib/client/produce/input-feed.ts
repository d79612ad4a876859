import type { InputFault, InputRecord, RecordReader } from '../../serde/input/input-record.ts'
import type { Bell } from './bell.ts'
import type { InputPlaces } from './input-places.ts'

/** Where bytes come from: a file, or stdin. */
export interface InputSource {
  /** Null where it is the only one, and needs none. */
  readonly name: string | null
  /** Each piece is a buffer of its own. */
  chunks(): AsyncIterable<Uint8Array>
}

export type Found = InputRecord | InputFault

/** Several inputs, one after the other. While what has come is worked on, the next piece is on its way, and no more. */
export class InputFeed {
  readonly #sources: Iterator<InputSource>
  readonly #open: () => RecordReader
  readonly #bell: Bell
  readonly #places: InputPlaces
  #reader: RecordReader
  #chunks: AsyncIterator<Uint8Array> | undefined
  #arrived: IteratorResult<Uint8Array> | undefined
  #failure: unknown
  #isAtEnd = false
  isEnded = false

  constructor(sources: readonly InputSource[], open: () => RecordReader, bell: Bell, places: InputPlaces) {
    this.#sources = sources[Symbol.iterator]()
    this.#open = open
    this.#bell = bell
    this.#places = places
    this.#reader = open()
    this.#nextSource()
  }

  /** What has come meanwhile. Nothing where the bell has yet to ring. */
  take(): readonly Found[] {
    if (this.#failure !== undefined) throw this.#failure
    const arrived = this.#arrived
    if (arrived === undefined || this.isEnded) return []
    this.#arrived = undefined
    if (arrived.done === true) {
      this.#isAtEnd = true
      return this.#reader.end()
    }
    const { buffer, byteOffset, length } = arrived.value
    this.#ask()
    return this.#reader.read(Buffer.from(buffer, byteOffset, length))
  }

  /** All that was taken has been worked on: its places are known, and the next source may begin. */
  done(): void {
    if (this.#isAtEnd) this.#nextSource()
  }

  get hasArrived(): boolean {
    return this.#arrived !== undefined || this.#failure !== undefined
  }

  #nextSource(): void {
    this.#isAtEnd = false
    const { value: source, done } = this.#sources.next()
    if (done === true) {
      this.isEnded = true
      return
    }
    this.#places.begin(source.name)
    this.#reader = this.#open()
    this.#chunks = source.chunks()[Symbol.asyncIterator]()
    this.#ask()
  }

  #ask(): void {
    this.#chunks
      ?.next()
      .then((arrived) => {
        this.#arrived = arrived
      })
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => this.#bell.ring())
  }
}
