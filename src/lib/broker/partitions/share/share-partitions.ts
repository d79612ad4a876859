import type { Clock } from '../../../ports/clock.ts'
import { ApiError } from '../../api-error.ts'
import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import { ShareGroupConfigs } from '../../configs/share-group-configs.ts'
import type { LiveTopic, MetadataSubscriber } from '../../controller/controller.ts'
import { coordinatorKey, type SharePartitionKey } from '../../coordinators/share/share-partition-key.ts'
import type { ShareStateCoordinator } from '../../coordinators/share/share-state-coordinator.ts'
import type { Partition } from '../partition.ts'
import type { Partitions } from '../partitions.ts'
import { SharePartition } from './share-partition.ts'

export interface SharePartitionsFacts {
  readonly clock: Clock
  readonly configs: Pick<BrokerConfigs, 'dynamicOf' | 'value'>
  readonly partitions: Pick<Partitions, 'byTopicId'>
  readonly states: ShareStateCoordinator
}

/** After these, what is known of the share partition is not what holds any more. */
const fencing: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_STATE_EPOCH',
  'GROUP_ID_NOT_FOUND',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/** The share partitions that somebody fetches from: each read from its coordinator once. */
export class SharePartitions implements MetadataSubscriber {
  readonly #facts: SharePartitionsFacts
  readonly #known = new Map<string, SharePartition>()

  constructor(facts: SharePartitionsFacts) {
    this.#facts = facts
  }

  configsOf(groupId: string): ShareGroupConfigs {
    return new ShareGroupConfigs(this.#facts.configs, groupId)
  }

  /** One that is known and still what this node leads. */
  get(key: SharePartitionKey): SharePartition | undefined {
    const known = this.#known.get(coordinatorKey(key))
    if (known === undefined) return undefined
    if (
      this.#facts.partitions.byTopicId(key.topicId, key.partition) === known.partition &&
      known.partition.isLeader
    )
      return known
    this.remove(known)
    return undefined
  }

  /** Throws an ApiError where this node does not lead the partition, or its state cannot be had. */
  open(key: SharePartitionKey): SharePartition {
    const known = this.get(key)
    if (known !== undefined) return known
    const { clock, states } = this.#facts
    const opened = new SharePartition({
      ...{ key, clock, states, partition: this.#led(key) },
      configs: this.configsOf(key.groupId),
    })
    this.#known.set(coordinatorKey(key), opened)
    return opened
  }

  /** What an operation on a share partition failed with; the next one reads its state anew. */
  failed(partition: SharePartition, cause: ApiError): void {
    if (fencing.has(cause.error)) this.remove(partition)
  }

  remove(partition: SharePartition): void {
    const name = coordinatorKey(partition.key)
    if (this.#known.get(name) === partition) this.#known.delete(name)
    partition.close()
  }

  topicDeleted({ topicId }: LiveTopic): void {
    for (const partition of [...this.#known.values()]) {
      if (partition.key.topicId === topicId) this.remove(partition)
    }
  }

  /** Nobody of the group has a connection any more. */
  removeGroup(groupId: string): void {
    for (const partition of [...this.#known.values()]) {
      if (partition.key.groupId === groupId) this.remove(partition)
    }
  }

  close(): void {
    for (const partition of [...this.#known.values()]) this.remove(partition)
  }

  #led({ topicId, partition }: SharePartitionKey): Partition {
    const found = this.#facts.partitions.byTopicId(topicId, partition)
    if (found === undefined) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
    if (!found.isLeader) throw new ApiError('NOT_LEADER_OR_FOLLOWER')
    return found
  }
}
