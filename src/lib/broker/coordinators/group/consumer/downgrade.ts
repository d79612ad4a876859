import { ClassicGroup } from '../classic-group.ts'
import { ClassicMember } from '../classic-member.ts'
import { writeAssignment } from './classic-forms.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import { withoutGroup } from './member-records.ts'

export interface Downgrade {
  readonly leaving?: readonly ConsumerMember[]
  /** Takes the place of the static member that was the last to speak the newer protocol. */
  readonly joining?: ConsumerMember
  /** Its members may not go on as they are. */
  readonly mustRebalance?: boolean
  /** Written before. */
  readonly records?: readonly ConsumerGroupRecord[]
}

/** All members that are left speak the classic protocol: the group becomes a classic one, with their targets. */
export function toClassicGroup(
  { shard, rebalances }: ConsumerWorld,
  group: ConsumerGroup,
  { leaving = [], joining, mustRebalance = true, records = [] }: Downgrade,
): ClassicGroup {
  const classic = classicOf(
    group,
    { leaving, ...(joining && { joining }) },
    shard.world.clock.nowMs(),
    (member, metadata) => writeAssignment(group.targetOf(member), shard.world.topics, metadata),
  )
  const replaced = joining && group.staticMember(joining.instanceId)
  const renamed = (memberId: string) =>
    (memberId === replaced?.memberId ? joining?.memberId : undefined) ?? memberId
  shard.writeConverted(classic, [...records, ...withoutGroup(group, renamed)])
  for (const member of classic.members.values()) rebalances.keepAlive(classic, member)
  if (mustRebalance) rebalances.start(classic)
  return classic
}

function classicOf(
  group: ConsumerGroup,
  { leaving = [], joining }: Downgrade,
  nowMs: number,
  assignmentOf: (member: ConsumerMember, metadata: Buffer) => Buffer,
): ClassicGroup {
  const gone = new Set(leaving.map(({ memberId }) => memberId))
  const instanceId = joining?.instanceId ?? null
  const stay = [...group.members.values()].filter(
    (member) => !gone.has(member.memberId) && (instanceId === null || member.instanceId !== instanceId),
  )
  const members = joining === undefined ? stay : [...stay, joining]
  const classic = new ClassicGroup(group.groupId, nowMs)
  classic.state = 'Stable'
  classic.generation = group.epoch
  for (const member of members) classic.add(classicMemberOf(member), 'consumer')
  classic.settleProtocol()
  for (const member of members) {
    const own = classic.members.get(member.memberId)
    if (own === undefined) continue
    own.assignment = assignmentOf(member, own.metadataOf(classic.protocol ?? ''))
  }
  return classic
}

function classicMemberOf(member: ConsumerMember): ClassicMember {
  const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, classic } = member
  return new ClassicMember({
    memberId,
    groupInstanceId: instanceId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    sessionTimeoutMs: classic?.sessionTimeoutMs ?? 0,
    protocols: classic?.protocols ?? [],
  })
}
