import type { BrokerPorts } from './broker-ports.ts'
import type { Endpoint, Node } from './node.ts'

/** One name that clients come by, such as PLAINTEXT. */
export interface ListenerOptions {
  readonly name: string
  /**
   * All on one port. The first must be there; the others are left out where this machine has no such address,
   * such as `::1` without IPv6.
   */
  readonly hosts: readonly string[]
  /** 0 takes a free one. */
  readonly port: number
  /** What clients are told, where that is not the first host and the port itself; port 0 is the listener's own. */
  readonly advertised?: Endpoint
}

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

export interface BoundAddress extends Endpoint {
  readonly listener: string
}

export function openBroker(options: BrokerOptions): Promise<Broker> {
  throw new Error(`not yet: ${options.dataDir}`)
}
