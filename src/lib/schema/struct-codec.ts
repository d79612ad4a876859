import type { Reader } from '../bytes/reader.ts'
import type { Writer } from '../bytes/writer.ts'
import { DataError } from '../errors.ts'
import type { UnknownTag } from './field.ts'
import { wrongJson } from './json.ts'
import type { Codec, Draw, Json } from './kind.ts'
import type { Layout } from './struct-layout.ts'
import { structReader } from './struct-reader.ts'
import { givenOrDefault, isDefault, type JsonObject, type StructValue } from './struct-value.ts'
import { readTags, type TagToWrite, writeTags } from './tags.ts'
import type { Trace } from './trace.ts'

export function structCodec(layout: Layout): Codec<StructValue> {
  const tagCount = layout.flexible ? 1 : 0
  return {
    minSizeBytes: layout.members.reduce((sum, member) => sum + member.codec.minSizeBytes, tagCount),
    read: structReader(layout, (reader, value) => readTaggedFields(layout, reader, value)),
    write: (writer, value) => writeStruct(layout, writer, value),
    trace: (reader, trace, path) => traceStruct(layout, reader, trace, path),
    toJson: (value) => structToJson(layout, value),
    fromJson: (json, path) => structFromJson(layout, json, path),
    random: (draw) => randomStruct(layout, draw),
  }
}

function readTaggedFields(layout: Layout, reader: Reader, value: StructValue): void {
  readTags(reader, (tag, sizeBytes) => {
    const member = layout.tagged.get(tag)
    if (member === undefined) keepUnknown(value, tag, reader.slice(sizeBytes))
    else value[member.name] = member.codec.read(reader)
  })
  sortUnknown(value)
}

function keepUnknown(value: StructValue, tag: number, data: Buffer): void {
  value.unknownTags ??= []
  value.unknownTags.push({ tag, data })
}

/** KIP-482 has tags ascend on the wire; whoever sent them otherwise gets them back in order, the last of each. */
function sortUnknown(value: StructValue): void {
  const sorted = value.unknownTags?.sort((a, b) => a.tag - b.tag)
  if (sorted === undefined) return
  value.unknownTags = sorted.filter(({ tag }, i) => sorted[i + 1]?.tag !== tag)
}

function writeStruct(layout: Layout, writer: Writer, value: StructValue): void {
  for (const { name, field } of layout.unwritable)
    if (!isDefault(value, name, field)) throw notInVersion(layout.version, name)
  for (const { name, field, codec } of layout.members) codec.write(writer, givenOrDefault(value, name, field))
  if (layout.flexible) writeTaggedFields(layout, writer, value)
  else if (value.unknownTags !== undefined) throw notInVersion(layout.version, 'unknownTags')
}

function writeTaggedFields(layout: Layout, writer: Writer, value: StructValue): void {
  if (layout.tagged.size === 0 && value.unknownTags === undefined) writer.int8(0)
  else writeTags(writer, tagsToWrite(layout, value), value.unknownTags ?? [])
}

function tagsToWrite(layout: Layout, value: StructValue): TagToWrite[] {
  const present: TagToWrite[] = []
  for (const [tag, { name, field, codec }] of layout.tagged) {
    if (isDefault(value, name, field)) continue
    present.push({ tag, write: (writer) => codec.write(writer, value[name]) })
  }
  return present
}

/** Losing a value silently is worse than failing: Kafka's own rule for fields that are not ignorable. */
function notInVersion(version: number, name: string): DataError {
  return new DataError(
    'field-not-in-version',
    `version ${version} has no field ${name}, and it is not at its default`,
    {
      details: { field: name, version },
    },
  )
}

/** Every field at its default, none of them shared with another value. */
function startOf(layout: Layout): StructValue {
  const value: StructValue = { ...layout.template }
  for (const { name, field } of layout.freshDefaults) value[name] = field.defaultValue
  return value
}

function traceStruct(layout: Layout, reader: Reader, trace: Trace, path: string): StructValue {
  const value = startOf(layout)
  for (const { name, codec } of layout.members) value[name] = codec.trace(reader, trace, join(path, name))
  if (layout.flexible) traceTaggedFields(layout, reader, trace, path, value)
  return value
}

function traceTaggedFields(
  layout: Layout,
  reader: Reader,
  trace: Trace,
  path: string,
  value: StructValue,
): void {
  const place = join(path, 'tags')
  trace.enter(place)
  let last = reader.position
  readTags(reader, (tag, sizeBytes) => {
    const member = layout.tagged.get(tag)
    const name = member?.name ?? `tag ${tag}`
    const what = `tag ${tag}, ${sizeBytes} bytes: ${member?.name ?? 'unknown'}`
    trace.add(last, reader.position, place, 'tag', what)
    if (member === undefined) traceUnknown(reader, tag, sizeBytes, trace, join(path, name), value)
    else value[member.name] = member.codec.trace(reader, trace, join(path, name))
    last = reader.position
    trace.enter(place)
  })
  sortUnknown(value)
  if (last < reader.position) trace.add(last, reader.position, place, 'tags', 'no tagged fields')
}

function traceUnknown(
  reader: Reader,
  tag: number,
  sizeBytes: number,
  trace: Trace,
  path: string,
  value: StructValue,
): void {
  const start = reader.position
  keepUnknown(value, tag, reader.slice(sizeBytes))
  trace.add(start, reader.position, path, 'bytes', 'kept as it is')
}

function structToJson(layout: Layout, value: StructValue): Json {
  const json: JsonObject = {}
  for (const { name, field, codec } of layout.inOrder) {
    if (field.tag !== undefined && isDefault(value, name, field)) continue
    json[name] = codec.toJson(value[name])
  }
  return json
}

function structFromJson(layout: Layout, json: Json, path: string): StructValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw wrongJson(path, 'an object', json)
  const left = new Set(Object.keys(json))
  const value = startOf(layout)
  for (const { name, field, codec } of layout.inOrder) {
    const given = Object.hasOwn(json, name) ? json[name] : undefined
    if (given !== undefined) value[name] = codec.fromJson(given, join(path, name))
    else if (field.tag === undefined) throw missing(join(path, name), layout.version)
    left.delete(name)
  }
  for (const name of left) throw unknownField(join(path, name), layout.version)
  return value
}

function missing(path: string, version: number): DataError {
  return new DataError('missing-field', `field ${path} is missing; version ${version} has it`, {
    details: { field: path, version },
  })
}

function unknownField(path: string, version: number): DataError {
  return new DataError('unknown-field', `version ${version} has no field ${path}`, {
    details: { field: path, version },
  })
}

function randomStruct(layout: Layout, draw: Draw): StructValue {
  const value = startOf(layout)
  for (const { name, field, codec } of layout.inOrder)
    if (field.tag === undefined || draw() < 0.5) value[name] = codec.random(draw)
  if (layout.flexible && draw() < 0.1) value.unknownTags = randomTags(layout, draw)
  return value
}

function randomTags(layout: Layout, draw: Draw): UnknownTag[] {
  const tag = 100 + Math.floor(draw() * 100_000)
  return layout.tagged.has(tag) ? [] : [{ tag, data: Buffer.from([Math.floor(draw() * 256)]) }]
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
