import type { Reader } from '../bytes/reader.ts'
import { Field } from './field.ts'
import type { At, Codec, Kind } from './kind.ts'
import type { Trace } from './trace.ts'

type LeafCodec<T> = Omit<Codec<T>, 'trace'>

/** Makes a kind of one undivided value out of the part that differs: its bytes and its JSON. */
export function leaf<T>(
  name: string,
  zero: () => T,
  codecAt: (at: At) => LeafCodec<T>,
  equals: (a: T, b: T) => boolean = Object.is,
): Field<T> {
  const kind: Kind<T> = {
    name,
    zero,
    equals,
    codec: (at) => traced(name, codecAt(at)),
  }
  return new Field(kind)
}

function traced<T>(name: string, codec: LeafCodec<T>): Codec<T> {
  return {
    ...codec,
    trace(reader: Reader, trace: Trace, path: string): T {
      trace.enter(path)
      const start = reader.position
      const value = codec.read(reader)
      trace.add(start, reader.position, path, name, JSON.stringify(codec.toJson(value)))
      return value
    },
  }
}
