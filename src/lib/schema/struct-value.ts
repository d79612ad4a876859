import { BugError } from '../errors.ts'
import type { Field, Fields, UnknownTag } from './field.ts'
import type { Json } from './kind.ts'

/** Values of a struct before its type is given back to it. */
export type StructValue = Record<string, unknown> & { unknownTags?: UnknownTag[] }

export type JsonObject = { [key: string]: Json }

export function fieldOf(fields: Fields, name: string): Field<unknown> {
  const field = fields[name]
  if (field === undefined) throw new BugError('unknown-field', `there is no field ${name}`)
  return field
}

/** What to write for a field: a caller may leave it out, and then it is its default. */
export function givenOrDefault(value: StructValue, name: string, field: Field<unknown>): unknown {
  const given = value[name]
  return given === undefined ? field.defaultValue : given
}

/** Null and a value are never equal, whatever the kind. */
function sameValue(field: Field<unknown>, a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b
  return field.kind.equals(a, b)
}

export function isDefault(value: StructValue, name: string, field: Field<unknown>): boolean {
  const given = value[name]
  return given === undefined || sameValue(field, given, field.defaultValue)
}

export function sameStruct(fields: Fields, a: StructValue, b: StructValue): boolean {
  if (a.unknownTags !== undefined || b.unknownTags !== undefined) return false
  return Object.entries(fields).every(([name, field]) =>
    sameValue(field, givenOrDefault(a, name, field), givenOrDefault(b, name, field)),
  )
}
