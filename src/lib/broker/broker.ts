import { handlers } from './apis/handlers.ts'
import type { BrokerPorts } from './broker-ports.ts'
import { BrokerConfigs } from './configs/broker-configs.ts'
import type { Endpoint, Node } from './node.ts'
import { type BoundAddress, bindListeners, type ListenerOptions } from './server/bind-listeners.ts'
import { Server } from './server/server.ts'

export type { BoundAddress, ListenerOptions } from './server/bind-listeners.ts'

export interface BrokerOptions {
  readonly ports: BrokerPorts
  /** Made, and formatted as Kafka does it, where there is none. */
  readonly dataDir: string
  /** By Kafka's names, what server.properties and the command line say, over our and Kafka's defaults. */
  readonly settings: ReadonlyMap<string, string>
  readonly listeners: readonly ListenerOptions[]
  /** `ack`: no write is acknowledged before the disk itself has it. */
  readonly flush: 'interval' | 'ack'
  /** Made if they are not there. One that is there with another count of partitions is refused. */
  readonly topics?: readonly { readonly name: string; readonly partitions: number }[]
}

/** A broker that runs. */
export interface Broker extends AsyncDisposable {
  readonly node: Node
  readonly dataDir: string
  /** What clients are told, by the listener's name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Where it really listens, in the order of the options. */
  readonly bound: readonly BoundAddress[]
  /** Addresses that this machine does not have. */
  readonly leftOut: readonly BoundAddress[]
  /** Resolves when it can go on no longer, such as on a disk that refuses; it has stopped by then. */
  readonly failed: Promise<Error>
  /** Finishes what it has begun, writes checkpoints and the mark of a clean stop. The second call waits as well. */
  stop(): Promise<void>
}

const NODE_ID = 1
/** What is under way when the broker stops may take so long. */
const STOP_PATIENCE_MS = 2000
/** All clients together may make the broker hold so much of their requests. */
const REQUEST_MEMORY_BYTES = 256 * 1024 * 1024

export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { ports, dataDir } = options
  const configs = new BrokerConfigs(NODE_ID, options.settings)
  const server = new Server(ports, handlers, limitsOf(configs))
  const { bound, leftOut, endpoints } = await bindListeners(server, options.listeners)
  const node = {
    id: NODE_ID,
    clusterId: '',
    ports,
    configs,
    endpoints,
    served: handlers.map((handler) => handler.advertised).sort((a, b) => a.apiKey - b.apiKey),
    controller: { endOffset: 1, featureLevel: () => 0 },
  } as unknown as Node
  server.serve(node)
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= server.stop(STOP_PATIENCE_MS)
    return stopped
  }
  return {
    node,
    dataDir,
    endpoints,
    bound,
    leftOut,
    failed: new Promise(() => {}),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function limitsOf(configs: BrokerConfigs) {
  const largestRequestBytes = configs.int('socket.request.max.bytes')
  return {
    largestRequestBytes,
    requestMemoryBytes: Math.max(REQUEST_MEMORY_BYTES, 2 * largestRequestBytes),
    maxIdleMs: configs.long('connections.max.idle.ms'),
  }
}
