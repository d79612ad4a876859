import { type Figure, isFigure, isKnown } from '../model/figure.ts'

/** What a row may hold. */
export type Value = Scalar | Figure<Said> | Embedded | readonly Value[] | { readonly [key: string]: Value }
/** What a figure may be worth. */
export type Said = string | number | bigint | readonly (string | number | bigint)[]
export type Scalar = string | number | bigint | boolean | null | undefined

/** What JSON and YAML can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** JSON that somebody else wrote: nothing in it is a figure of ours, whatever its keys are. */
export class Embedded {
  readonly json: Json

  constructor(json: Json) {
    this.json = json
  }
}

/** A value of somebody else's JSON; only what has parts needs to be kept apart. */
export function embedded(json: Json): Value {
  return typeof json === 'object' && json !== null ? new Embedded(json) : json
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** A number where every reader of JSON gets it exactly; beyond ±(2⁵³−1) its digits as a string. */
export function toJson(value: Value): Json {
  switch (typeof value) {
    case 'bigint':
      return value >= -MAX_SAFE && value <= MAX_SAFE ? Number(value) : String(value)
    case 'number':
      return numberToJson(value)
    case 'object':
      return value === null ? null : objectToJson(value)
    default:
      return value ?? null
  }
}

/** Each value under its key, and beside a figure that is not exact what it is, as `<key>Info`. */
export function toJsonObject(entries: Iterable<readonly [string, Value]>): { [key: string]: Json } {
  const result: { [key: string]: Json } = {}
  for (const [key, value] of entries) {
    result[key] = toJson(value)
    const info = infoOf(value)
    if (info !== undefined) result[`${key}Info`] = info
  }
  return result
}

/** What a figure is worth, or null. */
export function bare(value: Value): Exclude<Value, Figure<Said> | undefined> {
  if (typeof value !== 'object' || value === null || !isFigure<Said>(value)) return value ?? null
  return isKnown(value) ? value.value : null
}

function objectToJson(value: object): Json {
  if (value instanceof Embedded) return value.json
  if (Array.isArray(value)) return value.map((each: Value) => toJson(each))
  if (isFigure(value)) return toJson(bare(value))
  return toJsonObject(Object.entries(value))
}

function numberToJson(value: number): Json {
  if (!Number.isFinite(value)) return null
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(BigInt(value)) : value
}

function infoOf(value: Value): Json | undefined {
  if (typeof value !== 'object' || value === null || !isFigure(value)) return undefined
  if (!isKnown(value)) return { reason: value.reason }
  const { from, bound, reason } = value
  if (bound === 'exact' && reason === undefined) return undefined
  return reason === undefined ? { from, bound } : { from, bound, reason }
}
