import { DataError } from '../../../../errors.ts'
import { ApiError } from '../../../api-error.ts'
import { TimelineMap } from '../../../timeline-map.ts'
import type { ClassicGroup } from '../classic-group.ts'
import type { ClassicMember } from '../classic-member.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import { readAssignment, readSubscription } from './classic-forms.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { atEpoch, type ConsumerMember } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'
import type { ConsumerSettings } from './consumer-settings.ts'

interface World {
  readonly topics: TopicsView
  readonly consumer: ConsumerSettings
}

/** Throws where a classic group with members has to stay one. */
export function mustBeUpgradable(group: ClassicGroup, { consumer }: World): void {
  const cannot = (why: string) =>
    new ApiError(
      'GROUP_ID_NOT_FOUND',
      `Cannot upgrade classic group ${group.groupId} to consumer group because ${why}.`,
    )
  if (!consumer.mayUpgrade) throw cannot('online upgrade is disabled')
  if (group.protocolType !== 'consumer') {
    throw cannot('the group does not use the consumer embedded protocol')
  }
  if (group.members.size > consumer.maxSize) {
    throw cannot('the group size exceeds the consumer group maximum size')
  }
}

/** The group that the records make of it: all members go on as they are, at the group's generation. */
export function upgraded(
  classic: ClassicGroup,
  { topics }: World,
): { readonly group: ConsumerGroup; readonly records: ConsumerGroupRecord[] } {
  const { groupId, generation } = classic
  const group = new ConsumerGroup(groupId)
  // The first that cannot be read is told of, in the order of the classic group; written are they in another one.
  const sorted = new TimelineMap<ReturnType<typeof readMember>>()
  for (const member of classic.inKafkasOrder())
    sorted.set(member.memberId, readMember(classic, member, topics))
  const members = [...sorted.values()]
  const records = recordsOf(groupId, generation, members)
  for (const record of records) group.replay(record)
  const metadataHash = topics.hashOf(group.subscriptions.names())
  const at = records.findIndex(({ kind }) => kind === 'consumerEpoch')
  const epoch = { kind: 'consumerEpoch', group: groupId, value: { epoch: generation, metadataHash } } as const
  records[at] = epoch
  group.replay(epoch)
  return { group, records }
}

function recordsOf(
  group: string,
  epoch: number,
  members: readonly { readonly member: ConsumerMember; readonly target: ReturnType<typeof readAssignment> }[],
): ConsumerGroupRecord[] {
  return [
    ...members.map(
      ({ member }): ConsumerGroupRecord => ({
        kind: 'consumerMember',
        group,
        memberId: member.memberId,
        value: member,
      }),
    ),
    { kind: 'consumerEpoch', group, value: { epoch, metadataHash: 0n } },
    ...members.map(
      ({ member, target }): ConsumerGroupRecord => ({
        kind: 'consumerTarget',
        group,
        memberId: member.memberId,
        value: target.assigned,
      }),
    ),
    { kind: 'consumerTargetEpoch', group, value: { epoch, timestampMs: 0 } },
    ...members.map(
      ({ member }): ConsumerGroupRecord => ({
        kind: 'consumerAssignment',
        group,
        memberId: member.memberId,
        value: member,
      }),
    ),
  ]
}

function readMember(group: ClassicGroup, classic: ClassicMember, topics: TopicsView) {
  const { memberId, instanceId, ...facts } = {
    memberId: classic.memberId,
    instanceId: classic.groupInstanceId,
    clientId: classic.clientId,
    clientHost: classic.clientHost,
    rebalanceTimeoutMs: classic.rebalanceTimeoutMs,
  }
  const target = readable(group, () => readAssignment(classic.assignment, topics))
  if (target.hasUserData) {
    throw new ApiError(
      'GROUP_ID_NOT_FOUND',
      `Cannot upgrade classic group ${group.groupId} to consumer group because an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade.`,
    )
  }
  // A rebalance is under way, and it may come to another protocol: Kafka does not find it, and says no more.
  if (!classic.protocols.some(({ name }) => name === group.protocol))
    throw new ApiError('UNKNOWN_SERVER_ERROR')
  const said = readable(group, () => readSubscription(classic.metadataOf(group.protocol ?? '')))
  const { generation } = group
  const member: ConsumerMember = {
    ...facts,
    memberId,
    instanceId,
    memberEpoch: generation,
    previousMemberEpoch: generation,
    state: 'STABLE',
    rackId: said.rackId === '' ? null : said.rackId,
    subscribedTopicNames: new Set(said.topics),
    subscribedTopicRegex: '',
    serverAssignor: null,
    classic: { sessionTimeoutMs: classic.sessionTimeoutMs, protocols: classic.protocols },
    assigned: atEpoch(target.assigned, generation),
    pendingRevocation: new Map(),
  }
  return { member, target }
}

function readable<T>(group: ClassicGroup, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new ApiError(
      'GROUP_ID_NOT_FOUND',
      `Cannot upgrade classic group ${group.groupId} to consumer group because the embedded consumer protocol is malformed.`,
    )
  }
}
