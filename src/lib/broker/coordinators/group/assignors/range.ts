import type { Assignment } from '../modern/assignment.ts'
import type { Assignor, AssignorQuestion, MemberSpec } from './assignor.ts'

/** Of each topic, members get ranges that lie side by side; those that come first get one more of what is left over. */
export const range: Assignor = (question) => {
  const members = withTopics(question, [...question.members].sort(byInstance))
  const quotas = quotasOf(question, members)
  return new Map(members.map(([memberId, { topicIds }]) => [memberId, rangesOf(topicIds, quotas)]))
}

type Entry = readonly [string, MemberSpec]

/** Where all are said to subscribe to the same, the first is asked, even if another one subscribes to nothing. */
function withTopics({ isHomogeneous }: AssignorQuestion, members: readonly Entry[]): readonly Entry[] {
  const [first] = members
  if (!isHomogeneous || first === undefined) return members
  const [, { topicIds }] = first
  return members.map(([memberId, member]) => [memberId, { ...member, topicIds }])
}

/** Static members come first. */
function byInstance([aId, a]: Entry, [bId, b]: Entry): number {
  if (a.instanceId !== null && b.instanceId !== null) return compare(a.instanceId, b.instanceId)
  if (a.instanceId !== null) return -1
  if (b.instanceId !== null) return 1
  return compare(aId, bId)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Quota {
  readonly partitions: number
  readonly each: number
  extra: number
  next: number
}

function quotasOf({ partitionCount }: AssignorQuestion, members: readonly Entry[]): Map<string, Quota> {
  const subscribers = new Map<string, number>()
  for (const [, { topicIds }] of members) {
    for (const topicId of topicIds) subscribers.set(topicId, (subscribers.get(topicId) ?? 0) + 1)
  }
  const quotas = new Map<string, Quota>()
  for (const [topicId, count] of subscribers) {
    const partitions = partitionCount(topicId)
    const each = Math.floor(partitions / count)
    quotas.set(topicId, { partitions, each, extra: partitions % count, next: 0 })
  }
  return quotas
}

function rangesOf(topicIds: ReadonlySet<string>, quotas: ReadonlyMap<string, Quota>): Assignment {
  const assignment = new Map<string, Set<number>>()
  for (const topicId of topicIds) {
    const quota = quotas.get(topicId)
    if (quota === undefined) continue
    const start = quota.next
    quota.next = Math.min(start + quota.each + (quota.extra > 0 ? 1 : 0), quota.partitions)
    quota.extra--
    if (start < quota.next) assignment.set(topicId, numbers(start, quota.next))
  }
  return assignment
}

function numbers(start: number, end: number): Set<number> {
  return new Set(Array.from({ length: end - start }, (_, i) => start + i))
}
