import type { Reader } from '../bytes/reader.ts'
import type { Writer } from '../bytes/writer.ts'
import { DataError } from '../errors.ts'
import { type Decoded, Field, type Fields } from './field.ts'
import { wrongJson } from './json.ts'
import type { At, Codec, Draw, Json, Kind } from './kind.ts'
import { blockLength, nullNotAllowed } from './lengths.ts'
import { structKind } from './struct.ts'
import type { Trace } from './trace.ts'

export function array<T>(of: Field<T>): Field<T[]>
export function array<F extends Fields>(of: F): Field<Decoded<F>[]>
export function array(of: Field<unknown> | Fields): Field<unknown[]> {
  const element = of instanceof Field ? of.kind : structKind(of)
  return new Field(arrayKind(element))
}

function arrayKind<T>(element: Kind<T>): Kind<T[]> {
  return {
    name: `[]${element.name}`,
    ...(element.fields === undefined ? {} : { fields: element.fields }),
    zero: () => [],
    equals: (a, b) => sameElements(element, a, b),
    codec: (at) => arrayCodec(element.codec({ ...at, nullable: false, tagged: false }), at),
  }
}

function sameElements<T>(element: Kind<T>, a: T[] | null, b: T[] | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((value, i) => element.equals(value, b[i] as T))
}

function arrayCodec<T>(element: Codec<T>, at: At): Codec<T[]> {
  const prefix = blockLength(at)
  /** Null counts as −1; a count that the remaining bytes cannot hold is refused before anything is made. */
  const readCount = (reader: Reader): number => {
    const start = reader.position
    const count = prefix.read(reader)
    if (count > 0 && count > reader.remaining / Math.max(1, element.minSizeBytes))
      throw tooMany(reader, start, count)
    if (count < 0 && !at.nullable) throw nullNotAllowed(start)
    return count
  }
  return {
    minSizeBytes: prefix.minSizeBytes,
    read(reader) {
      const count = readCount(reader)
      if (count < 0) return null as unknown as T[]
      const values: T[] = []
      for (let i = 0; i < count; i++) values.push(element.read(reader))
      return values
    },
    write: (writer, values) => writeArray(writer, values),
    trace: (reader, trace, path) => traceArray(reader, trace, path),
    toJson: (values) => (values === null ? null : values.map((value) => element.toJson(value))),
    fromJson: (json, path) => arrayFromJson(json, path),
    random: (draw) => randomArray(draw),
  }

  function writeArray(writer: Writer, values: T[]): void {
    if (values === null) {
      if (!at.nullable) throw nullNotAllowed()
      prefix.write(writer, -1)
      return
    }
    prefix.write(writer, values.length)
    for (const value of values) element.write(writer, value)
  }

  function traceArray(reader: Reader, trace: Trace, path: string): T[] {
    trace.enter(path)
    const start = reader.position
    const count = readCount(reader)
    trace.add(start, reader.position, path, 'count', count < 0 ? 'null' : `${count} elements`)
    if (count < 0) return null as unknown as T[]
    const values: T[] = []
    for (let i = 0; i < count; i++) values.push(element.trace(reader, trace, `${path}[${i}]`))
    return values
  }

  function arrayFromJson(json: Json, path: string): T[] {
    if (json === null && at.nullable) return null as unknown as T[]
    if (!Array.isArray(json)) throw wrongJson(path, at.nullable ? 'an array or null' : 'an array', json)
    return json.map((value, i) => element.fromJson(value, `${path}[${i}]`))
  }

  function randomArray(draw: Draw): T[] {
    if (at.nullable && draw() < 0.2) return null as unknown as T[]
    return Array.from({ length: Math.floor(draw() * 4) }, () => element.random(draw))
  }
}

function tooMany(reader: Reader, position: number, count: number): DataError {
  return new DataError(
    'truncated',
    `${count} elements at byte ${position} cannot be in the ${reader.remaining} bytes left`,
    {
      details: { position, count, remaining: reader.remaining },
    },
  )
}
