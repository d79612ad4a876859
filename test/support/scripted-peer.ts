import { createServer, type Socket } from 'node:net'
import { Reader } from '../../src/lib/bytes/reader.ts'
import type { Api, RequestOf, ResponseOf } from '../../src/lib/protocol/api.ts'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { requestHeader, responseHeader } from '../../src/lib/protocol/headers.ts'

/** It was asked, and says nothing. */
export const SILENCE = Symbol('silence')
/** It was asked, and hangs up. */
export const HANG_UP = Symbol('hang up')

type Said = Record<string, unknown> | typeof SILENCE | typeof HANG_UP

/** What a scripted broker answers to one API. */
export interface ScriptedAnswer {
  readonly api: Api
  readonly versions: { readonly min: number; readonly max: number }
  readonly answer: (question: unknown, version: number) => Said
}

/** A line of the table: the API, its answer, and the versions that the broker serves it at, if not all of today. */
export function answers<A extends Api>(
  api: A,
  answer: (question: RequestOf<A>, version: number) => ResponseOf<A> | typeof SILENCE | typeof HANG_UP,
  versions: { readonly min?: number; readonly max?: number } = {},
): ScriptedAnswer {
  const served = api.served() ?? api.versions
  return {
    api,
    versions: { ...served, ...versions },
    answer: answer as ScriptedAnswer['answer'],
  }
}

/** One question as it came. */
export interface Asked {
  readonly api: string
  readonly version: number
  // Tests look at the fields that they put there.
  readonly question: Record<string, unknown>
}

export interface ScriptedPeer extends AsyncDisposable {
  readonly port: number
  readonly bootstrap: string
  /** Every question but those for versions, in the order in which they came. */
  readonly asked: readonly Asked[]
  /** Of one API. */
  of(api: Api): readonly Asked[]
}

export interface PeerFacts {
  readonly nodeId?: number
  /** Itself alone, if it is not said. */
  readonly brokers?: () => readonly { nodeId: number; host: string; port: number; rack?: string | null }[]
  readonly clusterId?: string
  /** Fields of its answer to ApiVersions, beside the versions. */
  readonly versionsFacts?: Omit<ResponseOf<typeof apiVersions>, 'errorCode' | 'apiKeys'>
}

/**
 * A broker that answers from a table and knows nothing: for what the local broker does not serve, for old brokers, and
 * for answers that no broker should give. It tells who is there by itself; a line for Metadata replaces that.
 */
export async function scriptedPeer(
  table: readonly ScriptedAnswer[],
  facts: PeerFacts = {},
): Promise<ScriptedPeer> {
  const sockets = new Set<Socket>()
  const asked: Asked[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    readFrames(socket, (frame) => respond(socket, frame))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { nodeId = 1, clusterId = 'scripted' } = facts
  const itself = () => [{ nodeId, host: '127.0.0.1', port }]
  const known: readonly ScriptedAnswer[] = [
    ...table,
    answers(apiVersions, () => ({ errorCode: 0, apiKeys: rows(known), ...facts.versionsFacts })),
    answers(metadata, () => ({
      brokers: (facts.brokers ?? itself)().map((each) => ({ rack: null, ...each })),
      clusterId,
      controllerId: nodeId,
      topics: [],
    })),
  ]

  function respond(socket: Socket, frame: Buffer): void {
    const key = frame.readInt16BE(0)
    const version = frame.readInt16BE(2)
    const line = known.find(({ api }) => api.key === key)
    if (line === undefined) throw new Error(`the script has nothing for API ${key}`)
    const reader = new Reader(frame)
    const { correlationId } = requestHeader.read(reader, line.api.requestHeaderVersion(version))
    const question = line.api.request.decode(frame.subarray(reader.position), version)
    if (key !== apiVersions.key) asked.push({ api: line.api.name, version, question })
    const said = line.answer(question, version)
    if (said === SILENCE) return
    if (said === HANG_UP) return void socket.destroy()
    const head = responseHeader.encode({ correlationId }, line.api.responseHeaderVersion(version))
    const body = line.api.response.encode(said as never, version)
    const length = Buffer.alloc(4)
    length.writeInt32BE(head.length + body.length)
    socket.write(Buffer.concat([length, head, body]))
  }

  return {
    port,
    bootstrap: `127.0.0.1:${port}`,
    asked,
    of: (api) => asked.filter((each) => each.api === api.name),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function rows(table: readonly ScriptedAnswer[]) {
  return table.map(({ api, versions: { min, max } }) => ({
    apiKey: api.key,
    minVersion: min,
    maxVersion: max,
  }))
}

function readFrames(socket: Socket, take: (frame: Buffer) => void): void {
  let held = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const end = 4 + held.readInt32BE(0)
      take(held.subarray(4, end))
      held = held.subarray(end)
    }
  })
}
