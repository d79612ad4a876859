import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { electLeaders as electLeadersApi } from '../../protocol/apis/elect-leaders.ts'
import { ApiError } from '../api-error.ts'
import type { Controller } from '../controller/controller.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'

type Request = RequestOf<typeof electLeadersApi>
type Response = ResponseOf<typeof electLeadersApi>

const PREFERRED = 0
const UNCLEAN = 1
/** Before, only partitions have errors. */
const ERROR_OF_ALL_SINCE = 1

/** A broker that is alone leads all there is: nothing is ever to be elected. */
export const electLeaders = handler(electLeadersApi, (request, context): Response => {
  const { node, version } = context
  try {
    mustBeAuthorizedOnCluster(context, 'ALTER')
  } catch (cause) {
    if (cause instanceof ApiError) return failed(request, version, cause)
    throw cause
  }
  const { controller } = node
  const { electionType, topicPartitions, timeoutMs } = request
  // Kafka is done with nothing before it looks at how it was to be done.
  if (topicPartitions?.length === 0) return { replicaElectionResults: [] }
  if (timeoutMs <= 0) return failed(request, version, new ApiError('REQUEST_TIMED_OUT'))
  if (electionType !== PREFERRED && electionType !== UNCLEAN) {
    return failed(request, version, new ApiError('INVALID_REQUEST', `Unknown election type ${electionType}`))
  }
  if (topicPartitions === null) {
    const all = controller.topics().map(({ name }) => ({ topic: name, partitionResult: [] }))
    return { replicaElectionResults: all }
  }
  return resultsOf(topicPartitions, (topic, partition) => refusal(topic, partition, controller))
})

function refusal(topic: string, partition: number, controller: Controller): ApiError {
  const known = controller.topicByName(topic)
  if (known === undefined) return new ApiError('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${topic}`)
  if (!known.partitions.has(partition)) {
    return new ApiError('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${topic}-${partition}`)
  }
  return new ApiError('ELECTION_NOT_NEEDED', 'Leader election not needed for topic partition.')
}

function failed({ topicPartitions }: Request, version: number, error: ApiError): Response {
  const code = version >= ERROR_OF_ALL_SINCE ? { errorCode: error.code } : {}
  return { ...code, ...resultsOf(topicPartitions ?? [], () => error) }
}

function resultsOf(
  asked: NonNullable<Request['topicPartitions']>,
  errorOf: (topic: string, partition: number) => ApiError,
): Response {
  const replicaElectionResults = asked.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => ({
      partitionId,
      ...refusalOf(errorOf(topic, partitionId)),
    })),
  }))
  return { replicaElectionResults }
}
