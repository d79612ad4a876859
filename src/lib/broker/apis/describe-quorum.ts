import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { describeQuorum as describeQuorumApi } from '../../protocol/apis/describe-quorum.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { METADATA_TOPIC } from '../controller/topic-names.ts'
import type { Node } from '../node.ts'
import { isAuthorizedOnCluster, unauthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { ZERO_ID } from './topic-parts.ts'

type Request = RequestOf<typeof describeQuorumApi>
type Response = ResponseOf<typeof describeQuorumApi>

/** And nodes with their listeners. */
const DIRECTORIES_SINCE = 2

export const describeQuorum = handler(describeQuorumApi, (request, context): Response => {
  const { node, version } = context
  if (!isAuthorizedOnCluster(context, 'DESCRIBE')) {
    const { code, message } = unauthorized('CLUSTER')
    return { errorCode: code, errorMessage: message }
  }
  if (isOfMetadata(request)) return described(node, version)
  const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  const errorMessage = 'This server does not host this topic-partition.'
  const topics = request.topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
  }))
  return { errorMessage: '', topics }
})

/** That one partition and no other. */
function isOfMetadata({ topics }: Request): boolean {
  const [topic] = topics
  if (topics.length !== 1 || topic === undefined) return false
  return (
    topic.topicName === METADATA_TOPIC &&
    topic.partitions.length === 1 &&
    topic.partitions[0]?.partitionIndex === 0
  )
}

/** The only voter is the leader, and nobody has to fetch. It has no listener of its own. */
function described({ id, controller, ports }: Node, version: number): Response {
  const { endOffset, epoch } = controller
  const nowMs = BigInt(ports.clock.nowMs())
  const voter = {
    replicaId: id,
    ...(version >= DIRECTORIES_SINCE ? { replicaDirectoryId: controller.voterDirectoryId ?? ZERO_ID } : {}),
    logEndOffset: BigInt(endOffset),
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  }
  const partition = {
    partitionIndex: 0,
    errorMessage: '',
    leaderId: id,
    leaderEpoch: epoch,
    highWatermark: BigInt(endOffset),
    currentVoters: [voter],
  }
  return {
    errorMessage: '',
    topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }],
    ...(version >= DIRECTORIES_SINCE ? { nodes: [{ nodeId: id }] } : {}),
  }
}
