import type { Reader } from '../../bytes/reader.ts'
import type { Handler } from '../apis/handler.ts'
import { serves } from './dispatch.ts'

export interface RequestHead {
  readonly handler: Handler
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  /** ApiVersions alone is answered at versions that nobody knows (KIP-511). */
  readonly isKnownVersion: boolean
}

const KEY_AND_VERSION_BYTES = 4

/** Leaves the reader at the body. */
export function readHead(reader: Reader, handler: Handler, version: number): RequestHead {
  reader.take(KEY_AND_VERSION_BYTES)
  const correlationId = reader.int32()
  const clientId = readClientId(reader)
  if (handler.api.requestHeaderVersion(version) >= 2 && !reader.skipZero()) skipTags(reader)
  return { handler, version, correlationId, clientId, isKnownVersion: serves(handler, version) }
}

/** Its length stays an int16 in the flexible header. Kafka takes every negative one for null, not only −1. */
function readClientId(reader: Reader): string | null {
  const length = reader.int16()
  return length < 0 ? null : reader.utf8(length)
}

function skipTags(reader: Reader): void {
  const count = reader.uvarint() | 0
  for (let i = 0; i < count; i++) {
    reader.uvarint()
    reader.take(reader.uvarint())
  }
}
