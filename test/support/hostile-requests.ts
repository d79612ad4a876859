import type { Handler } from '../../src/lib/broker/apis/handler.ts'
import { handlers } from '../../src/lib/broker/apis/handlers.ts'
import { requestHeader } from '../../src/lib/protocol/headers.ts'

export interface HostileRequest {
  readonly name: string
  readonly bytes: Buffer
}

/** A request of each version of each API that is right in its form and makes no sense; the same cut; and damaged. */
export function* hostileRequests(draw: () => number): Generator<HostileRequest> {
  for (const handler of handlers) {
    const { min, max } = handler.served
    for (let version = min; version <= max; version++) yield* variants(handler, version, draw)
  }
}

function* variants({ api }: Handler, version: number, draw: () => number): Generator<HostileRequest> {
  const header = {
    requestApiKey: api.key,
    requestApiVersion: version,
    correlationId: 1,
    clientId: 'hostile',
  }
  const bytes = Buffer.concat([
    requestHeader.encode(header, api.requestHeaderVersion(version)),
    api.request.encode(api.request.codec(version).random(draw), version),
  ])
  const name = `${api.name} v${version}`
  yield { name, bytes }
  yield { name: `${name}, cut`, bytes: bytes.subarray(0, Math.floor(draw() * bytes.length)) }
  const damaged = Buffer.from(bytes)
  damaged[Math.floor(8 + draw() * (damaged.length - 8))] = Math.floor(draw() * 256)
  yield { name: `${name}, damaged`, bytes: damaged }
}
