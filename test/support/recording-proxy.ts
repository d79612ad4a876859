import { connect, createServer, type Socket } from 'node:net'
import { Reader } from '../../src/lib/bytes/reader.ts'
import { requestHeader } from '../../src/lib/protocol/headers.ts'
import { apis } from '../../src/lib/protocol/registry.ts'

export interface Recorded {
  readonly api: string
  readonly version: number
  readonly question: Record<string, unknown>
}

export interface RecordingProxy extends AsyncDisposable {
  readonly port: number
  readonly bootstrap: string
  /** Everything that was asked, in the order in which it came. */
  readonly asked: readonly Recorded[]
  /** Of that, what is to change something: not the requests that are only to be checked. */
  changing(): readonly Recorded[]
  forget(): void
  /** Where it leads to; a broker that tells clients the proxy's address is known only after that. */
  leadTo(port: number): void
  /** Called before a request is passed on. */
  onRequest(hear: (recorded: Recorded) => void): void
}

/** They look, and change nothing. A request that is not here is taken for one that does. */
const reading: ReadonlySet<string> = new Set([
  'ApiVersions',
  'Metadata',
  'DescribeClientQuotas',
  'DescribeConfigs',
  'DescribeQuorum',
  'DescribeTopicPartitions',
  'DescribeCluster',
  'DescribeLogDirs',
  'DescribeGroups',
  'ConsumerGroupDescribe',
  'ListGroups',
  'ListOffsets',
  'ListPartitionReassignments',
  'OffsetFetch',
  'FindCoordinator',
  'Fetch',
])

/** Stands between a client and a broker, and writes down what the client asks for. */
export async function recordingProxy(): Promise<RecordingProxy> {
  const sockets = new Set<Socket>()
  const asked: Recorded[] = []
  let target = 0
  let hear: (recorded: Recorded) => void = () => {}
  const server = createServer((client) => {
    const broker = connect({ host: '127.0.0.1', port: target })
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('close', () => broker.destroy())
    broker.on('close', () => client.destroy())
    broker.on('data', (chunk) => client.write(chunk))
    readFrames(client, (frame, bytes) => {
      const recorded = recordedOf(frame)
      asked.push(recorded)
      hear(recorded)
      broker.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    bootstrap: `127.0.0.1:${port}`,
    asked,
    changing: () => asked.filter(({ api, question }) => !reading.has(api) && question.validateOnly !== true),
    forget: () => {
      asked.length = 0
    },
    leadTo: (port) => {
      target = port
    },
    onRequest: (listener) => {
      hear = listener
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function recordedOf(frame: Buffer): Recorded {
  const api = apis.find(({ key }) => key === frame.readInt16BE(0))
  const version = frame.readInt16BE(2)
  if (api === undefined) throw new Error(`nobody knows the API ${frame.readInt16BE(0)}`)
  const reader = new Reader(frame)
  requestHeader.read(reader, api.requestHeaderVersion(version))
  const question: object = api.request.decode(frame.subarray(reader.position), version)
  return { api: api.name, version, question: { ...question } }
}

function readFrames(socket: Socket, take: (frame: Buffer, bytes: Buffer) => void): void {
  let held = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const end = 4 + held.readInt32BE(0)
      take(held.subarray(4, end), held.subarray(0, end))
      held = held.subarray(end)
    }
  })
}
