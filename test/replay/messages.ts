import { Reader } from '../../src/lib/bytes/reader.ts'
import type { Api } from '../../src/lib/protocol/api.ts'
import { requestHeader, responseHeader } from '../../src/lib/protocol/headers.ts'
import { apiOf } from '../../src/lib/protocol/registry.ts'

/** JSON as the golden data has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export interface ReadRequest {
  readonly api: Api
  readonly version: number
  readonly header: ReturnType<typeof requestHeader.create>
  readonly json: JsonObject
  /** librdkafka sends bytes behind the end of its request. */
  readonly trailing: Buffer
}

/** Nothing where the frame is not one that our definitions can read. */
export function readRequest(frame: Buffer): ReadRequest | undefined {
  try {
    const api = apiOf(frame.readInt16BE(4))
    const version = frame.readInt16BE(6)
    if (api === undefined || !api.request.hasVersion(version)) return undefined
    const reader = new Reader(frame.subarray(4))
    const header = requestHeader.read(reader, api.requestHeaderVersion(version))
    const value = api.request.read(reader, version)
    const json = api.request.toJson(value, version) as JsonObject
    return { api, version, header, json, trailing: frame.subarray(4 + reader.position) }
  } catch {
    return undefined
  }
}

export function writeRequest({ api, version, header, json, trailing }: ReadRequest): Buffer {
  const parts = [
    requestHeader.encode(header, api.requestHeaderVersion(version)),
    api.request.encode(api.request.fromJson(json, version), version),
    trailing,
  ]
  const length = Buffer.alloc(4)
  length.writeInt32BE(parts.reduce((sum, { length }) => sum + length, 0))
  return Buffer.concat([length, ...parts])
}

export function readResponse(api: Api, version: number, frame: Buffer): JsonObject {
  const reader = new Reader(frame.subarray(4))
  responseHeader.read(reader, api.responseHeaderVersion(version))
  const value = api.response.decode(frame.subarray(4 + reader.position), version)
  return api.response.toJson(value, version) as JsonObject
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
