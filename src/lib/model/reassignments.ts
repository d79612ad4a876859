import type { TopicPartition } from './groups.ts'
import type { Outcome } from './outcome.ts'

/** A broker as a place for replicas. */
export interface PlacementBroker {
  readonly id: number
  readonly rack: string | null
}

/** A reassignment under way, as the controller lists it. */
export interface Reassignment extends TopicPartition {
  /** Those that are wanted, and those that are to go. */
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

/** What one copy takes on the disk of its broker. */
export interface ReplicaSize extends TopicPartition {
  readonly broker: number
  readonly directory: string
  readonly sizeBytes: number
}

/** One of the disks of a broker, under the path that the broker knows it by. */
export interface LogDirectory {
  readonly path: string
  /** Its disk can be read and written. */
  readonly isOnline: boolean
  /** Nothing may come to it that is not there yet; Kafka has that since 4.3. */
  readonly isCordoned: boolean
}

/** A copy of a partition; a future one is on its way from another directory of the same broker. */
export interface DiskReplica extends ReplicaSize {
  readonly isFuture: boolean
}

/** What a broker tells of its log directories. */
export interface BrokerDisks {
  readonly broker: number
  readonly directories: readonly LogDirectory[]
  readonly replicas: readonly DiskReplica[]
}

/** The log directory that a replica shall lie in; where it lies now, a move that is under way is cancelled. */
export interface LogDirTarget extends TopicPartition {
  readonly broker: number
  readonly logDir: string
}

/** The replicas that a partition is to have, the preferred leader first; null cancels what is under way. */
export interface ReassignmentTarget extends TopicPartition {
  readonly replicas: readonly number[] | null
}

export interface ReassignmentsView {
  /** Those that live. */
  brokers(): Promise<readonly PlacementBroker[]>
  /** Of every partition where none is named. */
  underWay(partitions?: readonly TopicPartition[]): Promise<readonly Reassignment[]>
  /** Of these brokers, an outcome for each. */
  sizes(brokers: readonly number[]): Promise<readonly Outcome<readonly ReplicaSize[]>[]>
  /** What lies on the disks of these brokers, or of all: all of it, or of these partitions. An outcome for each. */
  disks(
    brokers?: readonly number[],
    partitions?: readonly TopicPartition[],
  ): Promise<readonly Outcome<BrokerDisks>[]>
  /** The configs of each of these that throttle it, an outcome for each. */
  throttles(
    brokers: readonly number[],
    topics: readonly string[],
  ): Promise<readonly Outcome<readonly ThrottleConfig[]>[]>
}

export const LEADER_RATE = 'leader.replication.throttled.rate'
export const FOLLOWER_RATE = 'follower.replication.throttled.rate'
export const LEADER_REPLICAS = 'leader.replication.throttled.replicas'
export const FOLLOWER_REPLICAS = 'follower.replication.throttled.replicas'

/** Of all that is copied between the disks of one broker. */
export const DISK_RATE = 'replica.alter.log.dirs.io.max.bytes.per.second'

/** A rate of replication of a broker holds for those replicas that a topic lists. */
export const throttleNames = {
  brokers: [LEADER_RATE, FOLLOWER_RATE, DISK_RATE],
  topics: [LEADER_REPLICAS, FOLLOWER_REPLICAS],
} as const

/** One of the configs that throttle copying, of a broker or a topic. */
export interface ThrottleConfig {
  readonly type: 'brokers' | 'topics'
  /** Id of the broker, or name of the topic. */
  readonly resource: string
  readonly name: string
  /** Null where it is not set there. */
  readonly value: string | null
}

/** `add` and `take` change some of a list, and leave the rest of it. */
export interface ThrottleEdit {
  readonly type: 'brokers' | 'topics'
  readonly resource: string
  readonly name: string
  readonly edit: 'set' | 'unset' | 'add' | 'take'
  /** Empty for `unset`. */
  readonly value: string
}

export interface ReassignmentsChanger {
  /** Accepted is not moved: what moves is under way for as long as copying takes. */
  reassign(targets: readonly ReassignmentTarget[]): Promise<readonly Outcome<null>[]>
  /**
   * Begins to copy to another disk of the same broker. One that the broker does not have yet fails as
   * `replica-not-available`, and is created in that directory when it comes.
   */
  placeInLogDirs(targets: readonly LogDirTarget[]): Promise<readonly Outcome<null>[]>
  /** An outcome for each edit. */
  throttle(edits: readonly ThrottleEdit[]): Promise<readonly Outcome<null>[]>
  /** Waits, unless somebody wants to stop; whatever is asked next has all the time there is. */
  rest(forMs: number, signal: AbortSignal): Promise<void>
  nowMs(): number
}
