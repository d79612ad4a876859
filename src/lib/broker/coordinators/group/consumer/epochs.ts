import { javaHash } from '../../../../bytes/java-hash.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import type { MemberSpec } from '../assignors/assignor.ts'
import { type Assignment, noAssignment } from '../modern/assignment.ts'
import type { SubscriptionCounts } from '../modern/subscription-counts.ts'
import { newTarget } from '../modern/target-assignment.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { ConsumerGroupRecord, ResolvedRegex } from './consumer-record.ts'
import type { ConsumerSettings } from './consumer-settings.ts'

/** Unless its topics change, a group need not look at them. */
const NEVER_MS = 0x7fff_ffff

export interface EpochWorld {
  readonly topics: TopicsView
  readonly consumer: ConsumerSettings
  readonly nowMs: number
}

/** A member as it was, and as it is going to be. */
export interface MemberChange {
  readonly before: ConsumerMember
  readonly after: ConsumerMember
}

export interface GroupStep {
  readonly epoch: number
  readonly isHomogeneous: boolean
}

/** Another epoch of the group where what it is subscribed to has changed, or the topics themselves. */
export function nextEpoch(
  group: ConsumerGroup,
  change: MemberChange,
  isBumped: boolean,
  { topics, nowMs }: EpochWorld,
  records: ConsumerGroupRecord[],
): GroupStep {
  const { groupId } = group
  const subscriptions = subscriptionsAfter(group, change)
  const metadataHash = topics.hashOf(subscriptions.names())
  const isNew = !group.members.has(change.after.memberId)
  const isAdditional = isNew && group.staticMember(change.after.instanceId) === undefined
  const size = group.members.size + (isAdditional ? 1 : 0)
  const isHomogeneous = areHomogeneous(regexMembersAfter(group, change), subscriptions, size)
  const isNext = isBumped || metadataHash !== group.metadataHash
  const epoch = group.epoch + (isNext ? 1 : 0)
  if (isNext) records.push({ kind: 'consumerEpoch', group: groupId, value: { epoch, metadataHash } })
  group.refreshMetadataBy(nowMs + NEVER_MS, epoch)
  if (group.hasPartitionsRecord) records.push({ kind: 'consumerPartitions', group: groupId, value: null })
  return { epoch, isHomogeneous }
}

export function isHomogeneous({ regexMembers, subscriptions, members }: ConsumerGroup): boolean {
  return areHomogeneous(regexMembers, subscriptions, members.size)
}

function areHomogeneous(
  regexMembers: ReadonlyMap<string, number>,
  subscriptions: SubscriptionCounts,
  size: number,
): boolean {
  const [withRegex] = regexMembers.values()
  const counts = [...subscriptions.counts()]
  if (withRegex === undefined) return counts.every(({ byName }) => byName === size)
  return withRegex === size && counts.every(({ byName, byRegex }) => byRegex === 1 && byName === 0)
}

function subscriptionsAfter(group: ConsumerGroup, { before, after }: MemberChange): SubscriptionCounts {
  const counts = group.subscriptions.copy()
  counts.moveNames(before.subscribedTopicNames, after.subscribedTopicNames)
  const regex = before.subscribedTopicRegex ?? ''
  if (regex === '' || regex === after.subscribedTopicRegex || group.regexMembers.get(regex) !== 1)
    return counts
  return counts.moveMatches(group.regexes.get(regex)?.topics ?? [], [])
}

function regexMembersAfter(
  group: ConsumerGroup,
  { before, after }: MemberChange,
): ReadonlyMap<string, number> {
  const [old, now] = [before.subscribedTopicRegex ?? '', after.subscribedTopicRegex ?? '']
  if (old === now) return group.regexMembers
  const counts = new Map(group.regexMembers)
  if (old !== '') counts.set(old, (counts.get(old) ?? 0) - 1)
  if ((counts.get(old) ?? 0) <= 0) counts.delete(old)
  if (now !== '') counts.set(now, (counts.get(now) ?? 0) + 1)
  return counts
}

export interface TargetStep {
  readonly epoch: number
  readonly target: Assignment
}

/** The target for the group's epoch, where it may be computed already; else the one that there is. */
export function nextTarget(
  group: ConsumerGroup,
  change: MemberChange,
  step: GroupStep,
  world: EpochWorld,
  records: ConsumerGroupRecord[],
): TargetStep {
  const { groupId } = group
  if (group.targetEpoch >= step.epoch || !mayCompute(group, world)) {
    return { epoch: group.targetEpoch, target: group.targetOf(change.after) }
  }
  const { topics, nowMs } = world
  const { of, changed } = newTarget({
    assignor: assignorOf(group, change, world),
    members: specsAfter(group, change.after, topics),
    isHomogeneous: step.isHomogeneous,
    target: group.target,
    partitionCount: (topicId) => topics.partitionCount(topicId),
    isAssigned: (topicId, partition) => group.isTargeted(topicId, partition),
  })
  for (const [memberId, value] of changed)
    records.push({ kind: 'consumerTarget', group: groupId, memberId, value })
  const value = { epoch: step.epoch, timestampMs: nowMs }
  records.push({ kind: 'consumerTargetEpoch', group: groupId, value })
  return { epoch: step.epoch, target: of.get(change.after.memberId) ?? noAssignment }
}

/** Many members that come at once get one target (KIP-1263). */
function mayCompute({ groupId, targetTimestampMs }: ConsumerGroup, { consumer, nowMs }: EpochWorld): boolean {
  const intervalMs = consumer.assignmentIntervalMs(groupId)
  return targetTimestampMs === 0 || intervalMs === 0 || nowMs >= targetTimestampMs + intervalMs
}

function assignorOf(group: ConsumerGroup, { before, after }: MemberChange, { consumer }: EpochWorld) {
  const { assignors } = consumer
  const [first] = assignors.values()
  const name = preferredAssignor(group, { before, after })
  const assignor = assignors.get(name ?? '') ?? first
  if (assignor === undefined) throw new Error('there is no assignor')
  return assignor
}

/** That of the most members; undefined where none names one. */
export function preferredAssignor(group: ConsumerGroup, change?: MemberChange): string | undefined {
  const counts = new Map<string, number>()
  const count = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by)
  for (const { serverAssignor } of group.members.values())
    if (serverAssignor !== null) count(serverAssignor, 1)
  const voted = inJavaMapOrder([...counts.keys()], javaHash)
  const [old, now] = [change?.before.serverAssignor ?? null, change?.after.serverAssignor ?? null]
  if (old !== null && count(old, -1).get(old) === 0) voted.splice(voted.indexOf(old), 1)
  // Kafka counts in a map so small that all are in one bucket, and Java puts what it computes in front of the others.
  if (now !== null && count(now, 1) && !voted.includes(now)) voted.unshift(now)
  const most = Math.max(...voted.map((name) => counts.get(name) ?? 0))
  return voted.find((name) => counts.get(name) === most)
}

function specsAfter(
  group: ConsumerGroup,
  after: ConsumerMember,
  topics: TopicsView,
): ReadonlyMap<string, MemberSpec> {
  const replaced = group.staticMember(after.instanceId)
  const members = new Map(group.members)
  // Whoever is there already keeps its place in the order.
  if (replaced !== undefined && replaced.memberId !== after.memberId) members.delete(replaced.memberId)
  members.set(after.memberId, after)
  return new Map(
    [...members].map(([memberId, member]) => {
      const { instanceId, rackId } = member
      const assigned =
        memberId === after.memberId ? group.targetOf(after) : (group.target.get(memberId) ?? noAssignment)
      return [memberId, { instanceId, rackId, topicIds: topicIdsOf(member, group.regexes, topics), assigned }]
    }),
  )
}

/** Of topics that it names, and of those that its pattern was found to match; the more of the two are the first. */
export function topicIdsOf(
  { subscribedTopicNames, subscribedTopicRegex }: ConsumerMember,
  regexes: ReadonlyMap<string, ResolvedRegex>,
  topics: TopicsView,
): Set<string> {
  const matched = regexes.get(subscribedTopicRegex ?? '')?.topics ?? []
  const sets = [[...matched], [...subscribedTopicNames]].map((names) => inJavaMapOrder(names, javaHash))
  return topics.idsOf(sets.toSorted((a, b) => b.length - a.length).flat())
}

export function isSubscribed(
  { subscribedTopicNames, subscribedTopicRegex }: ConsumerMember,
  regexes: ReadonlyMap<string, ResolvedRegex>,
): boolean {
  return subscribedTopicNames.size + (regexes.get(subscribedTopicRegex ?? '')?.topics.size ?? 0) > 0
}
