import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { LogSink } from '../ports/log-sink.ts'
import type { Network } from '../ports/network.ts'
import type { Random } from '../ports/random.ts'

/** All that a node has of the world. With other ones the very same node runs in a simulation. */
export interface BrokerPorts {
  readonly clock: Clock
  readonly random: Random
  readonly disk: Disk
  readonly network: Network
  readonly log: LogSink
}
