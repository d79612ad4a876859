import type { Api } from '../../../../src/lib/protocol/api.ts'
import { saslAuthenticate } from '../../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../../../src/lib/protocol/apis/sasl-handshake.ts'
import { requestHeader } from '../../../../src/lib/protocol/headers.ts'
import type { Decoded, Encodable, Fields } from '../../../../src/lib/schema/field.ts'
import type { Link } from '../../../replay/link.ts'

export const PATIENCE_MS = 5000

export function sized(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Whole, as it goes over the wire. */
export function frameOf<Q extends Fields, S extends Fields>(
  api: Api<Q, S>,
  version: number,
  request: Encodable<Decoded<Q>>,
): Buffer {
  const headerVersion = api.requestHeaderVersion(version)
  const fields = { requestApiKey: api.key, requestApiVersion: version, correlationId: 7, clientId: 'c' }
  const head = requestHeader.encode(fields, headerVersion)
  return sized(Buffer.concat([head, api.request.encode(request, version)]))
}

/** The answer, without its head; or what happened instead. */
export async function ask<Q extends Fields, S extends Fields>(
  link: Link,
  api: Api<Q, S>,
  version: number,
  request: Encodable<Decoded<Q>>,
): Promise<Decoded<S> | string> {
  const outcome = await link.ask(frameOf(api, version, request), PATIENCE_MS)
  if (typeof outcome === 'string') return outcome
  const headBytes = api.responseHeaderVersion(version) === 0 ? 8 : 9
  return api.response.decode(outcome.subarray(headBytes), version)
}

export const shake = (link: Link, mechanism: string, version = 1) =>
  ask(link, saslHandshake, version, { mechanism })
export const show = (link: Link, text: string, version = 2) =>
  ask(link, saslAuthenticate, version, { authBytes: Buffer.from(text) })
