import { ApiError } from '../../../api-error.ts'
import type { TopicPartitions } from '../modern/assignment.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, isWithin, LEAVES_FOR_NOW, newMember } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'
import { withMemberReplaced } from './member-records.ts'

export interface Applicant {
  readonly memberId: string
  readonly memberEpoch: number
  readonly instanceId: string | null
  readonly owned: readonly TopicPartitions[] | null
  readonly isJoining: boolean
  /** By JoinGroup: it has no epoch to be checked. */
  readonly isClassic: boolean
}

/** The member as the group knows it, or a new one. Throws where Kafka would not have it. */
export function admitMember(
  group: ConsumerGroup,
  applicant: Applicant,
  records: ConsumerGroupRecord[],
): ConsumerMember {
  if (applicant.instanceId !== null) return admitStatic(group, applicant, applicant.instanceId, records)
  const { memberId, isJoining, isClassic } = applicant
  const known = group.members.get(memberId)
  const member = known ?? (isJoining ? newMember(memberId) : group.memberOf(memberId))
  if (!isClassic) mustBeAtEpoch(member, applicant)
  return member
}

function admitStatic(
  group: ConsumerGroup,
  applicant: Applicant,
  instanceId: string,
  records: ConsumerGroupRecord[],
): ConsumerMember {
  const { memberId, isJoining, isClassic } = applicant
  const known = group.staticMember(instanceId)
  if (!isJoining) {
    const member = mustBeInstance(known, memberId, instanceId)
    if (!isClassic) mustBeAtEpoch(member, applicant)
    return member
  }
  if (known === undefined) return group.members.get(memberId) ?? newMember(memberId)
  if (!isClassic && known.classic === null) mustBeReleased(known, memberId, instanceId)
  const member = { ...known, memberId, memberEpoch: 0, previousMemberEpoch: 0 }
  records.push(...withMemberReplaced(group, known, member))
  return member
}

export function mustBeInstance(
  known: ConsumerMember | undefined,
  memberId: string,
  instanceId: string,
): ConsumerMember {
  if (known === undefined) throw new ApiError('UNKNOWN_MEMBER_ID', `Instance id ${instanceId} is unknown.`)
  if (known.memberId === memberId) return known
  const message = `Static member ${memberId} with instance id ${instanceId} was fenced by member ${known.memberId}.`
  throw new ApiError('FENCED_INSTANCE_ID', message)
}

function mustBeReleased(known: ConsumerMember, memberId: string, instanceId: string): void {
  if (known.memberEpoch === LEAVES_FOR_NOW) return
  const message = `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${known.memberId} member.`
  throw new ApiError('UNRELEASED_INSTANCE_ID', message)
}

/** An answer may have been lost: the epoch before is as good, as long as it owns nothing that it shall not. */
function mustBeAtEpoch(member: ConsumerMember, { memberEpoch, owned }: Applicant): void {
  const { memberEpoch: known, previousMemberEpoch, assigned } = member
  if (memberEpoch === 0 || memberEpoch === known) return
  if (memberEpoch === previousMemberEpoch && memberEpoch < known && isWithin(owned, assigned)) return
  const how = memberEpoch > known ? 'greater' : 'smaller'
  const message = `The consumer group member has a ${how} member epoch (${memberEpoch}) than the one known by the group coordinator (${known}). The member must abandon all its partitions and rejoin.`
  throw new ApiError('FENCED_MEMBER_EPOCH', message)
}
