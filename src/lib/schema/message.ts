import { Reader } from '../bytes/reader.ts'
import { Writer } from '../bytes/writer.ts'
import { DataError, type KtoolError } from '../errors.ts'
import type { Decoded, Encodable, Fields } from './field.ts'
import { type Codec, type Draw, isWithin, type Json, type VersionRange } from './kind.ts'
import { structKind } from './struct.ts'
import { Trace } from './trace.ts'

export interface MessageFacts {
  /** As errors name it: `Metadata response`. */
  readonly name: string
  readonly versions: VersionRange
  /** First version with compact lengths and tagged fields; infinite where there is none. */
  readonly flexibleFrom: number
}

/** One message at all its versions: a request, a response, a header, a record of an internal log. */
export class Message<F extends Fields = Fields> {
  readonly fields: F
  readonly name: string
  readonly versions: VersionRange
  readonly flexibleFrom: number
  readonly #codecs = new Map<number, Codec<Decoded<F>>>()

  constructor(facts: MessageFacts, fields: F) {
    this.name = facts.name
    this.versions = facts.versions
    this.flexibleFrom = facts.flexibleFrom
    this.fields = fields
  }

  isFlexible(version: number): boolean {
    return version >= this.flexibleFrom
  }

  hasVersion(version: number): boolean {
    return Number.isInteger(version) && isWithin(this.versions, version)
  }

  /** A value with every field at its default. */
  create(): Decoded<F> {
    return structKind(this.fields).zero()
  }

  encode(value: Encodable<Decoded<F>>, version: number): Buffer {
    const writer = new Writer()
    this.write(writer, value, version)
    return writer.written()
  }

  write(writer: Writer, value: Encodable<Decoded<F>>, version: number): void {
    this.#named(version, () => this.codec(version).write(writer, value as Decoded<F>))
  }

  /** Decodes the whole of `bytes`; what is left over is an error. */
  decode(bytes: Buffer, version: number): Decoded<F> {
    const reader = new Reader(bytes)
    const value = this.read(reader, version)
    mustBeWhole(this.#title(version), reader)
    return value
  }

  /** Decodes from where the reader stands and leaves it behind the message. */
  read(reader: Reader, version: number): Decoded<F> {
    const start = reader.position
    const codec = this.codec(version)
    try {
      return codec.read(reader)
    } catch (error) {
      throw this.#located(error, reader, start, version)
    }
  }

  /** Reads with a note of each range of bytes. A failure comes beside the notes made before it. */
  trace(reader: Reader, version: number): { trace: Trace; value?: Decoded<F>; failure?: unknown } {
    const trace = new Trace()
    const codec = this.codec(version)
    try {
      return { trace, value: codec.trace(reader, trace, '') }
    } catch (error) {
      const failure = error instanceof DataError ? this.#withPlace(error, version, trace.path) : error
      return { trace, failure }
    }
  }

  toJson(value: Decoded<F>, version: number): Json {
    return this.codec(version).toJson(value)
  }

  fromJson(json: Json, version: number): Decoded<F> {
    return this.#named(version, () => this.codec(version).fromJson(json, ''))
  }

  random(draw: Draw, version: number): Decoded<F> {
    return this.codec(version).random(draw)
  }

  codec(version: number): Codec<Decoded<F>> {
    const known = this.#codecs.get(version)
    if (known !== undefined) return known
    if (!this.hasVersion(version)) throw this.#noVersion(version)
    const at = { version, flexible: this.isFlexible(version), nullable: false, tagged: false }
    const codec = structKind(this.fields).codec(at)
    this.#codecs.set(version, codec)
    return codec
  }

  /** The fast reader does not know where it is; reading the same bytes again with a trace tells the field. */
  #located(error: unknown, reader: Reader, start: number, version: number): unknown {
    if (!(error instanceof DataError)) return error
    reader.position = start
    return this.trace(reader, version).failure ?? error
  }

  #named<R>(version: number, work: () => R): R {
    try {
      return work()
    } catch (error) {
      throw error instanceof DataError ? this.#withPlace(error, version, '') : error
    }
  }

  #withPlace(error: DataError, version: number, field: string): DataError {
    const at = field === '' ? '' : `, field ${field}`
    const details = { ...error.details, message: this.name, version, ...(field === '' ? {} : { field }) }
    return new DataError(error.code, `${this.#title(version)}${at}: ${error.message}`, {
      details,
      cause: error,
    })
  }

  #title(version: number): string {
    return `${this.name} v${version}`
  }

  #noVersion(version: number): KtoolError {
    const { min, max } = this.versions
    return new DataError('unknown-version', `${this.name} has no version ${version}, only ${min} to ${max}`, {
      hint: 'ktool protocol docs shows a message at all its versions',
      details: { message: this.name, version, min, max },
    })
  }
}

/** What follows the end of something that should have been all there is, is an error. */
export function mustBeWhole(title: string, reader: Reader): void {
  const { position, remaining } = reader
  if (remaining === 0) return
  throw new DataError('trailing-bytes', `${title}: ${remaining} bytes follow its end at byte ${position}`, {
    details: { position, trailing: remaining },
  })
}
