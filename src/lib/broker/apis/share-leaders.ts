import type { ErrorName } from '../../protocol/error-codes.ts'
import type { Node } from '../node.ts'
import { currentLeader, nodeEndpoints } from '../partitions/leader-hints.ts'
import type { Partition } from '../partitions/partition.ts'
import type { SharePlace } from '../partitions/share/share-place.ts'

interface Answered {
  readonly place: SharePlace
  readonly error: ErrorName
}

/** Where to go instead; nothing where this is the place. */
export function leaderPartsOf(answered: Answered, node: Node) {
  const partition = movedPartition(answered, node)
  return partition === undefined ? undefined : currentLeader(partition)
}

/** The addresses of those. */
export function leaderParts(answered: readonly Answered[], node: Node, listenerName: string) {
  const moved = answered.flatMap((each) => movedPartition(each, node) ?? [])
  return nodeEndpoints(moved, node, listenerName)
}

function movedPartition({ place, error }: Answered, node: Node): Partition | undefined {
  if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'FENCED_LEADER_EPOCH') return undefined
  return node.partitions.byTopicId(place.topicId, place.partition)
}
