import { Reader } from '../bytes/reader.ts'
import { DataError, UsageError } from '../errors.ts'
import type { Message } from '../schema/message.ts'
import type { Api } from './api.ts'
import { unknownApi } from './api-table.ts'
import { findHeader, requestHeader, responseHeader } from './headers.ts'
import type { LogRecord } from './log-record.ts'
import { findLogRecord } from './log-records.ts'
import { apiOf, findApi } from './registry.ts'

export type Direction = 'request' | 'response'

/** A layout as somebody names it; a request with its header in front needs no name. */
export interface NamedLayout {
  readonly api?: string | undefined
  readonly type?: Direction | undefined
  readonly record?: string | undefined
  readonly version?: number | undefined
  readonly header?: boolean | undefined
}

/** One layout of bytes: a message at a version, and for whole requests and responses the header before it. */
export interface WireSubject {
  readonly message: Message
  readonly version: number
  readonly header?: { readonly message: Message; readonly version: number }
}

/** What a request says of itself in its header. */
export interface RequestName {
  readonly key: number
  readonly version: number
}

/** Finds what a command line names. The header of a request, where it is there, says what nobody has said. */
export function namedSubject(layout: NamedLayout, nameInHeader: () => RequestName): WireSubject {
  const { api, record, version, header = false } = layout
  if (record !== undefined) return recordSubject(record, needed(version, '--version'))
  if (api === undefined && header && layout.type !== 'response') return requestSubject(nameInHeader())
  return apiSubject(needed(api, '--api'), needed(layout.type, '--type'), needed(version, '--version'), header)
}

function needed<T>(value: T | undefined, flag: string): T {
  if (value !== undefined) return value
  throw new UsageError(
    'missing-layout',
    `${flag} is missing: the bytes do not say by themselves what they are`,
    {
      hint: 'for example --api Metadata --version 12 --type response',
    },
  )
}

export function apiSubject(name: string, type: Direction, version: number, withHeader = false): WireSubject {
  const api = findApi(name)
  if (api === undefined) throw unknownApi(name)
  const message = api[type]
  mustHave(message, version)
  return withHeader ? { message, version, header: headerFor(api, type, version) } : { message, version }
}

export function requestNameIn(bytes: Buffer): RequestName {
  const reader = new Reader(bytes)
  return { key: reader.int16(), version: reader.int16() }
}

function requestSubject({ key, version }: RequestName): WireSubject {
  const api = apiOf(key)
  if (api === undefined)
    throw unknownName('unknown-api', `no API of Kafka has key ${key}`, 'ktool protocol apis')
  return apiSubject(api.name, 'request', version, true)
}

function headerFor(api: Api, type: Direction, version: number): { message: Message; version: number } {
  return type === 'request'
    ? { message: requestHeader as Message, version: api.requestHeaderVersion(version) }
    : { message: responseHeader as Message, version: api.responseHeaderVersion(version) }
}

export function headerSubject(name: string, version: number): WireSubject {
  const message = findHeader(name)
  if (message === undefined)
    throw unknownName('unknown-header', `${name} is neither RequestHeader nor ResponseHeader`)
  return mustHave(message, version)
}

/** `type` matters for keys of `__consumer_offsets`: up to Kafka 3.9 they were data whose version was their type. */
export function recordSubject(name: string, version: number, type?: string): WireSubject {
  const record = findLogRecord(name)
  if (record === undefined)
    throw unknownName('unknown-record', `no record of Kafka's own logs is called ${name}`)
  return mustHave(record.message, wasNamedByType(record, version, type) ? 0 : version)
}

function wasNamedByType(record: LogRecord, version: number, type: string | undefined): boolean {
  return type === 'data' && record.type === 'coordinator-key' && version === record.key
}

function mustHave(message: Message, version: number): WireSubject {
  message.codec(version)
  return { message, version }
}

function unknownName(code: string, sentence: string, hint?: string): DataError {
  return new DataError(code, sentence, { hint: hint === undefined ? undefined : `${hint} lists them` })
}
