import type { MetadataSubscriber } from '../controller/controller.ts'
import type { Partition } from './partition.ts'

/** The partitions of this node; it follows the controller. */
export interface Partitions extends MetadataSubscriber {
  get(topic: string, partition: number): Partition | undefined
  byTopicId(topicId: string, partition: number): Partition | undefined
  all(): Iterable<Partition>
}
