import { type Decoded, Field, type Fields } from './field.ts'
import type { Codec, Kind } from './kind.ts'
import { nullableStruct } from './nullable-struct.ts'
import { structCodec } from './struct-codec.ts'
import { layOut } from './struct-layout.ts'
import { fieldOf, type StructValue, sameStruct } from './struct-value.ts'

export function struct<F extends Fields>(fields: F): Field<Decoded<F>> {
  return new Field(structKind(fields))
}

/** A group of named fields; the order in which a definition gives them is the order on the wire. */
export function structKind<F extends Fields>(fields: F): Kind<Decoded<F>> {
  const zero = () => {
    const value: StructValue = {}
    for (const name of Object.keys(fields)) value[name] = fieldOf(fields, name).defaultValue
    return value as Decoded<F>
  }
  return {
    name: 'struct',
    fields,
    zero,
    equals: (a, b) => sameStruct(fields, a as StructValue, b as StructValue),
    codec(at) {
      const own = structCodec(layOut(fields, at))
      return (at.nullable ? nullableStruct(own, at) : own) as Codec<Decoded<F>>
    },
  }
}
