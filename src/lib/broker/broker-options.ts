import type { HeldDirectory } from '../ports/directory-lock.ts'
import type { AsVersion } from './as-version.ts'
import type { BrokerPorts } from './broker-ports.ts'
import type { JournalWish } from './journal/request-journal.ts'
import type { UserSeed } from './seed-users.ts'
import type { ListenerOptions } from './server/bind-listeners.ts'

export interface BrokerOptions {
  readonly ports: BrokerPorts
  /** Its `log.dirs`; made, and formatted as Kafka does it, where there are none. */
  readonly dataDirs: readonly string[]
  /** Where the metadata log lies; the first of them if it is left out. */
  readonly metadataDir?: string
  /** By Kafka's names, what server.properties and the command line say, over our and Kafka's defaults. */
  readonly settings: ReadonlyMap<string, string>
  /** Of directories that are formatted now: 1 if it is left out. Those that are there know theirs. */
  readonly nodeId?: number
  readonly listeners: readonly ListenerOptions[]
  /** `ack`: no write is acknowledged before the disk itself has it. */
  readonly flush: 'interval' | 'ack'
  /** Made if they are not there. One that is there with another count of partitions is refused. */
  readonly topics?: readonly TopicSeed[]
  /** The Kafka that clients take it for. */
  readonly asVersion?: AsVersion
  /** Runs once the directories are held, before anything listens; it gets the first of them. */
  readonly furnish?: (directory: string) => Promise<Furnishing>
  /** Where requests are written down; nowhere if it is left out. */
  readonly journal?: JournalWish
  /** Keeps others out of a directory, which is there by then. */
  readonly hold?: (directory: string) => Promise<HeldDirectory>
}

/** What a directory has been given before anything in it is opened. */
export interface Furnishing {
  /** Over those of the options. */
  readonly settings: ReadonlyMap<string, string>
  readonly users: readonly UserSeed[]
}

export interface TopicSeed {
  readonly name: string
  readonly partitions: number
}
