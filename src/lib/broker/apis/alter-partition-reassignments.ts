import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { alterPartitionReassignments as alterPartitionReassignmentsApi } from '../../protocol/apis/alter-partition-reassignments.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Controller } from '../controller/controller.ts'
import { mustBeAssignable } from '../controller/topic-plan.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'

type Request = RequestOf<typeof alterPartitionReassignmentsApi>
type Response = ResponseOf<typeof alterPartitionReassignmentsApi>
type Answer = NonNullable<Response['responses']>[number]

/** There is one broker for replicas to be on, and they are there. */
export const alterPartitionReassignments = handler(
  alterPartitionReassignmentsApi,
  (request, context): Response => {
    const { controller, id } = context.node
    const { topics, timeoutMs, allowReplicationFactorChange } = request
    try {
      mustBeAuthorizedOnCluster(context, 'ALTER')
    } catch (cause) {
      return { ...refusalOf(cause), responses: answersOf(topics, () => throwing(cause)) }
    }
    if (topics.length === 0) return { errorMessage: '' }
    if (timeoutMs <= 0) {
      const error = new ApiError('REQUEST_TIMED_OUT')
      return {
        errorCode: error.code,
        errorMessage: null,
        responses: answersOf(topics, () => throwing(error)),
      }
    }
    const responses = answersOf(topics, (name, partition, replicas) =>
      mustBeAsItIs({ name, partition, replicas }, controller, id),
    )
    return { allowReplicationFactorChange, errorMessage: null, responses }
  },
)

function mustBeAsItIs(
  asked: { name: string; partition: number; replicas: readonly number[] | null },
  controller: Controller,
  nodeId: number,
): void {
  const { name, partition, replicas } = asked
  const topic = controller.topicByName(name)
  const unknown = (what: string) => new ApiError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find ${what}.`)
  if (topic === undefined) throw unknown(`a topic named ${name}`)
  if (!topic.partitions.has(partition)) throw unknown(`partition ${name}:${partition}`)
  if (replicas === null) throw new ApiError('NO_REASSIGNMENT_IN_PROGRESS')
  mustBeAssignable(replicas, nodeId)
}

function answersOf(
  topics: Request['topics'],
  check: (name: string, partition: number, replicas: readonly number[] | null) => void,
): Answer[] {
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      try {
        check(name, partitionIndex, replicas)
        return { partitionIndex, errorCode: errorCodes.NONE, errorMessage: null }
      } catch (cause) {
        return { partitionIndex, ...refusalOf(cause) }
      }
    }),
  }))
}

function throwing(error: unknown): never {
  throw error
}
