import { Reader } from '../bytes/reader.ts'
import { Writer } from '../bytes/writer.ts'
import { bytesFromBase64, wrongJson } from '../schema/json.ts'
import type { Json } from '../schema/kind.ts'
import type { Message } from '../schema/message.ts'
import { restoreUnknownTags, type TagAt, tagsFromJson, unknownTagsOf } from '../schema/unknown-tags.ts'
import { parseJson } from './json-text.ts'
import type { RequestName, WireSubject } from './wire-subject.ts'

type JsonObject = { [key: string]: Json }

/** A message as JSON, with what its own JSON has no place for. */
export interface WireJson {
  readonly json: Json
  readonly unknownTags: readonly TagAt[]
}

export interface Decoded {
  readonly header?: WireJson
  readonly body: WireJson
  /** Bytes after the body. Some clients send them, and Kafka ignores them. */
  readonly trailing: Buffer
}

export function decodeWire(subject: WireSubject, bytes: Buffer): Decoded {
  const reader = new Reader(bytes)
  const header = subject.header && readJson(subject.header.message, subject.header.version, reader)
  const body = readJson(subject.message, subject.version, reader)
  return { ...(header === undefined ? {} : { header }), body, trailing: reader.slice(reader.remaining) }
}

function readJson(message: Message, version: number, reader: Reader): WireJson {
  const value = message.read(reader, version)
  return { json: message.toJson(value, version), unknownTags: unknownTagsOf(value) }
}

export function encodeWire(subject: WireSubject, wanted: Decoded): Buffer {
  const writer = new Writer()
  if (subject.header !== undefined) {
    if (wanted.header === undefined) throw wrongJson('header', 'an object', undefined)
    writeJson(subject.header.message, subject.header.version, wanted.header, writer)
  }
  writeJson(subject.message, subject.version, wanted.body, writer)
  writer.raw(wanted.trailing)
  return writer.written()
}

function writeJson(message: Message, version: number, { json, unknownTags }: WireJson, writer: Writer): void {
  const value = message.fromJson(json, version)
  restoreUnknownTags(value, unknownTags)
  message.write(writer, value, version)
}

/** One JSON object: the message's own, with `unknownTags` and `trailingBytes` where there are any. */
export function documentOf({ header, body, trailing }: Decoded): Json {
  const rest = trailing.length === 0 ? {} : { trailingBytes: trailing.toString('base64') }
  if (header === undefined) return { ...withTags(body), ...rest }
  return { header: withTags(header), body: withTags(body), ...rest }
}

function withTags({ json, unknownTags }: WireJson): JsonObject {
  return {
    ...(json as JsonObject),
    ...(unknownTags.length === 0 ? {} : { unknownTags: unknownTags.map((t) => ({ ...t })) }),
  }
}

/** What `documentOf` gave, on its way back to bytes. */
export function parseDocument(text: Buffer): JsonObject {
  return mustBeObject(parseJson(text.toString('utf8')), '')
}

/** Which request a document is, by its own header. */
export function requestNameOf(document: JsonObject): RequestName {
  const { requestApiKey: key, requestApiVersion: version } = mustBeObject(document.header, 'header')
  if (typeof key !== 'number') throw wrongJson('header.requestApiKey', 'a number', key)
  if (typeof version !== 'number') throw wrongJson('header.requestApiVersion', 'a number', version)
  return { key, version }
}

export function encodeDocument(subject: WireSubject, document: JsonObject): Buffer {
  return encodeWire(subject, fromDocument(document, subject.header !== undefined))
}

function fromDocument({ trailingBytes, ...rest }: JsonObject, hasHeader: boolean): Decoded {
  const trailing = trailingFromJson(trailingBytes)
  if (!hasHeader) return { body: splitTags(rest), trailing }
  const { header, body, ...others } = rest
  const [stray] = Object.keys(others)
  if (stray !== undefined)
    throw wrongJson(stray, 'absent: beside header and body there is only trailingBytes', others[stray])
  return {
    header: splitTags(mustBeObject(header, 'header')),
    body: splitTags(mustBeObject(body, 'body')),
    trailing,
  }
}

export function trailingFromJson(json: Json | undefined): Buffer {
  if (json === undefined) return Buffer.alloc(0)
  const trailing = typeof json === 'string' ? bytesFromBase64(json) : undefined
  if (trailing === undefined) throw wrongJson('trailingBytes', 'base64 text', json)
  return trailing
}

function splitTags(document: JsonObject): WireJson {
  const { unknownTags, ...json } = document
  return { json, unknownTags: tagsFromJson(unknownTags) }
}

function mustBeObject(json: Json | undefined, path: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw wrongJson(path, 'an object', json)
  return json
}
