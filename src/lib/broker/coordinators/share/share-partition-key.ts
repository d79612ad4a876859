/** A partition as one share group sees it. */
export interface SharePartitionKey {
  readonly groupId: string
  readonly topicId: string
  readonly partition: number
}

/** Kafka's coordinators go by the same string: its hash says where in `__share_group_state` the state is. */
export function coordinatorKey({ groupId, topicId, partition }: SharePartitionKey): string {
  return `${groupId}:${topicId}:${partition}`
}
