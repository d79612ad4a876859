import type { TopicPartitions } from '../modern/assignment.ts'

export interface ConsumerHeartbeat {
  readonly groupId: string
  readonly memberId: string
  readonly memberEpoch: number
  readonly instanceId: string | null
  readonly rackId: string | null
  /** −1: as before. */
  readonly rebalanceTimeoutMs: number
  /** Null: as before; so are the others. */
  readonly subscribedTopicNames: readonly string[] | null
  readonly subscribedTopicRegex: string | null
  readonly serverAssignor: string | null
  readonly topicPartitions: readonly TopicPartitions[] | null
  readonly clientId: string
  readonly clientHost: string
  /** Of topics that a pattern matches, those that the client may know of. */
  mayDescribe(topic: string): boolean
}

export interface HeartbeatAnswer {
  readonly memberId: string
  readonly memberEpoch: number
  readonly heartbeatIntervalMs: number
  /** Null where nothing has changed. */
  readonly assignment: readonly TopicPartitions[] | null
}
