import { JavaHashMap } from '../../../java-hash-map.ts'
import { type Assignment, uuidHash } from '../modern/assignment.ts'
import type { Assignor, AssignorQuestion } from './assignor.ts'
import { type SharedPartition, Sharing } from './sharing.ts'

/**
 * Of share groups: every member gets equally many partitions, each partition equally many members, and as few as can
 * be change hands.
 */
export const simple: Assignor = (question) => {
  if (question.members.size === 0) return new Map()
  return question.isHomogeneous ? together(question) : topicByTopic(question)
}

/** All members want the same topics: these count as one. */
function together(question: AssignorQuestion): Map<string, Assignment> {
  const members = [...question.members]
  const wanted = members[0]?.[1].topicIds ?? new Set<string>()
  if (wanted.size === 0) return new Map()
  const targets = [...wanted].flatMap((topicId) => targetsOf(topicId, question))
  const sharing = new Sharing({
    members: members.map((_, i) => i),
    memberCount: members.length,
    targets,
    old: members.map(([, { assigned }]) => assigned),
    hashOf: ({ topicId, partition }) => (31 * uuidHash(topicId) + partition) | 0,
  })
  members.forEach(([, { assigned }], member) => {
    for (const topicId of inKafkasOrder(assigned.keys())) {
      if (wanted.has(topicId)) sharing.keep(member, topicId)
      else sharing.drop(member, topicId)
    }
  })
  // Who has too few or too many is settled before partitions with too many members are taken away.
  const unfilled = sharing.unfilled()
  sharing.revokeFromOverfilled()
  for (const member of sharing.revokeOvershared()) unfilled.add(member)
  sharing.assignRest(unfilled)
  return byId(members, sharing.result())
}

function topicByTopic(question: AssignorQuestion): Map<string, Assignment> {
  const members = [...question.members]
  const wanted = new Set(members.flatMap(([, { topicIds }]) => inKafkasOrder(topicIds)))
  if (wanted.size === 0) return new Map()
  let assigned: readonly Assignment[] = members.map(([, each]) => each.assigned)
  for (const topicId of inKafkasOrder(wanted)) {
    const subscribed = members.flatMap(([, { topicIds }], i) => (topicIds.has(topicId) ? [i] : []))
    const sharing = new Sharing({
      members: subscribed,
      memberCount: members.length,
      targets: targetsOf(topicId, question),
      old: assigned,
      hashOf: ({ partition }) => partition,
    })
    for (const member of members.keys()) sharing.keep(member, topicId)
    sharing.revokeFromOverfilled()
    sharing.revokeOvershared()
    sharing.assignRest(sharing.unfilled())
    assigned = sharing.result()
  }
  return byId(members, assigned)
}

function targetsOf(topicId: string, question: AssignorQuestion): SharedPartition[] {
  const count = Math.max(0, question.partitionCount(topicId))
  return Array.from({ length: count }, (_, partition) => ({ topicId, partition })).filter(
    ({ partition }) => question.isAssignable?.(topicId, partition) ?? true,
  )
}

function inKafkasOrder(topicIds: Iterable<string>): string[] {
  const sorted = new JavaHashMap<string, true>((id) => id, uuidHash)
  for (const topicId of topicIds) sorted.set(topicId, true)
  return sorted.keys()
}

function byId(
  members: readonly (readonly [string, unknown])[],
  assigned: readonly Assignment[],
): Map<string, Assignment> {
  return new Map(members.map(([id], i) => [id, assigned[i] ?? new Map()]))
}
