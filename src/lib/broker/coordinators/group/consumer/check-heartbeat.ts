import { isJavaBlank } from '../../../../bytes/java-blank.ts'
import { ApiError } from '../../../api-error.ts'
import { LEAVES, LEAVES_FOR_NOW } from './consumer-member.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { ConsumerHeartbeat } from './heartbeat-answers.ts'

/** Since this version a member makes its own id. */
const OWN_ID_SINCE = 1

/** Throws, in Kafka's words, for what no member may say. */
export function checkHeartbeat(
  said: ConsumerHeartbeat,
  version: number,
  { assignors }: Pick<ConsumerSettings, 'assignors'>,
): void {
  const { memberEpoch, memberId, groupId, instanceId, rackId, serverAssignor } = said
  if (version >= OWN_ID_SINCE || memberEpoch > 0 || memberEpoch === LEAVES) mustBeFilled(memberId, 'MemberId')
  mustBeFilled(groupId, 'GroupId')
  mustBeFilled(instanceId, 'InstanceId')
  mustBeFilled(rackId, 'RackId')
  if (memberEpoch === 0) checkJoin(said)
  else if (memberEpoch === LEAVES_FOR_NOW && instanceId === null) throw invalid("InstanceId can't be null.")
  else if (memberEpoch < LEAVES_FOR_NOW) throw invalid('MemberEpoch is invalid.')
  if (serverAssignor === null || assignors.has(serverAssignor)) return
  const supported = [...assignors.keys()].join(', ')
  const message = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${supported}.`
  throw new ApiError('UNSUPPORTED_ASSIGNOR', message)
}

function checkJoin(said: ConsumerHeartbeat): void {
  if (said.rebalanceTimeoutMs === -1) {
    throw invalid('RebalanceTimeoutMs must be provided in first request.')
  }
  if (said.topicPartitions === null || said.topicPartitions.length > 0) {
    throw invalid('TopicPartitions must be empty when (re-)joining.')
  }
  if (said.subscribedTopicNames === null && said.subscribedTopicRegex === null) {
    throw invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.')
  }
}

function mustBeFilled(value: string | null, name: string): void {
  if (value !== null && isJavaBlank(value)) throw invalid(`${name} can't be empty.`)
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_REQUEST', message)
}
