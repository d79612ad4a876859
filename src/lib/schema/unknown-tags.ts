import { DataError } from '../errors.ts'
import type { UnknownTag } from './field.ts'
import { bytesFromBase64, wrongJson } from './json.ts'
import type { Json } from './kind.ts'

/** Unknown tagged fields as JSON: beside the message, because its own JSON has no place for them. */
export interface TagAt {
  /** Of the struct that holds it: `topics[0].partitions[1]`, empty for the message itself. */
  readonly path: string
  readonly tag: number
  /** Base64. */
  readonly data: string
}

type Holder = { unknownTags?: UnknownTag[]; [field: string]: unknown }

/** All unknown tags of a decoded value, a struct's own before those of the structs inside it. */
export function unknownTagsOf(value: unknown, path = ''): TagAt[] {
  if (Array.isArray(value)) return value.flatMap((element, i) => unknownTagsOf(element, `${path}[${i}]`))
  if (!isStruct(value)) return []
  const { unknownTags = [], ...fields } = value
  const own = unknownTags.map(({ tag, data }) => ({ path, tag, data: data.toString('base64') }))
  const inner = Object.entries(fields).flatMap(([name, field]) =>
    unknownTagsOf(field, path === '' ? name : `${path}.${name}`),
  )
  return [...own, ...inner]
}

/** Puts tags back into the structs that their paths name. */
export function restoreUnknownTags(value: unknown, tags: readonly TagAt[]): void {
  for (const { path, tag, data } of tags) {
    const holder = structAt(value, path)
    holder.unknownTags ??= []
    holder.unknownTags.push({ tag, data: Buffer.from(data, 'base64') })
  }
}

export function tagsFromJson(json: Json | undefined): TagAt[] {
  if (json === undefined) return []
  if (!Array.isArray(json)) throw wrongJson('unknownTags', 'an array of {path, tag, data}', json)
  return json.map((entry, i) => tagFromJson(entry, `unknownTags[${i}]`))
}

function tagFromJson(json: Json, place: string): TagAt {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw wrongJson(place, 'an object', json)
  const { path, tag, data } = json
  if (typeof path !== 'string') throw wrongJson(`${place}.path`, 'text', path)
  if (typeof tag !== 'number' || !Number.isInteger(tag) || tag < 0 || tag > 0xffff_ffff)
    throw wrongJson(`${place}.tag`, 'a tag number', tag)
  if (typeof data !== 'string' || bytesFromBase64(data) === undefined)
    throw wrongJson(`${place}.data`, 'base64 text', data)
  return { path, tag, data }
}

function structAt(root: unknown, path: string): Holder {
  let at = root
  for (const step of path === '' ? [] : path.split(/[.[\]]+/).filter((part) => part !== '')) {
    at = isStruct(at) || Array.isArray(at) ? own(at, step) : undefined
  }
  if (!isStruct(at))
    throw new DataError('wrong-path', `unknownTags: there is no struct at ${JSON.stringify(path)}`)
  return at
}

function own(holder: object, step: string): unknown {
  return Object.hasOwn(holder, step) ? (holder as Record<string, unknown>)[step] : undefined
}

function isStruct(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}
