import type { Node } from '../node.ts'
import { FetchResult } from './fetch-result.ts'
import type { FetchTarget } from './fetch-target.ts'
import type { Partition } from './partition.ts'
import { readPartition } from './read-partition.ts'
import { storageFailure } from './storage-failure.ts'

export interface FetchPlan {
  readonly targets: readonly FetchTarget[]
  readonly usesTopicIds: boolean
  readonly isCommittedOnly: boolean
  /** A broker that wants to follow, by its id. */
  readonly replicaId: number
  readonly maxBytes: number
  readonly minBytes: number
  readonly maxWaitMs: number
  /** Of a topic by its name; none where everybody may read everything. */
  readonly mayRead: ((topic: string) => boolean) | null
}

export type Places = Pick<Node, 'partitions' | 'controller' | 'ports'>

/** One walk over the partitions in their order; the first that has something may go beyond the limits. */
export function readAll(plan: FetchPlan, places: Places): FetchResult[] {
  let leftBytes = plan.maxBytes
  let atLeastOne = true
  return plan.targets.map((target) => {
    const maxBytes = Math.min(target.maxBytes, leftBytes)
    const result = readOne(plan, target, places, { maxBytes, atLeastOne })
    if (result.sizeBytes > 0) atLeastOne = false
    leftBytes = Math.max(0, leftBytes - result.sizeBytes)
    return result
  })
}

export function readOne(
  plan: FetchPlan,
  target: FetchTarget,
  places: Places,
  { maxBytes, atLeastOne }: { maxBytes: number; atLeastOne: boolean },
): FetchResult {
  if (plan.mayRead !== null && isForbidden(plan, target, places)) {
    return new FetchResult(target, undefined, 'TOPIC_AUTHORIZATION_FAILED')
  }
  const partition = partitionOf(plan, target, places)
  if (partition === undefined) {
    const isUnknownId = plan.usesTopicIds && places.controller.topicById(target.topicId) === undefined
    return new FetchResult(target, undefined, isUnknownId ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION')
  }
  // Nobody but this node has a replica: a broker that fetches one knows too little, or has to look again who leads.
  if (plan.replicaId >= 0) {
    const epochError = partition.checkLeaderEpoch(Math.max(-1, target.currentLeaderEpoch))
    const error = target.currentLeaderEpoch < 0 ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_LEADER_EPOCH'
    return new FetchResult(target, partition, epochError ?? error)
  }
  try {
    const { isCommittedOnly } = plan
    return readPartition(partition, target, { isCommittedOnly, maxBytes, atLeastOne })
  } catch (cause) {
    const { error } = storageFailure(cause, partition.name, places.ports.log)
    return new FetchResult(target, partition, error)
  }
}

/** Who may not read is not told what is there, other than that an id is nobody's. A broker is told nothing at all. */
function isForbidden(plan: FetchPlan, target: FetchTarget, { controller }: Places): boolean {
  const topic = plan.usesTopicIds ? controller.topicById(target.topicId)?.name : target.topic
  if (topic === undefined && plan.replicaId < 0) return false
  return plan.mayRead?.(topic ?? '') === false
}

export function partitionOf(
  plan: FetchPlan,
  target: FetchTarget,
  { partitions }: Places,
): Partition | undefined {
  return plan.usesTopicIds
    ? partitions.byTopicId(target.topicId, target.partition)
    : partitions.get(target.topic, target.partition)
}
