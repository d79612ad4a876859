import { KtoolError } from '../../errors.ts'
import { partitionName } from '../../model/partitions.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { listPartitionReassignments } from '../../protocol/apis/list-partition-reassignments.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'

export type Reassigning = AnswerOf<typeof listPartitionReassignments>['topics'][number]['partitions'][number]

/** Partitions that are on their way to other brokers, by `topic:partition`; or why that is not known. */
export async function askReassigning(
  cluster: Cluster,
): Promise<ReadonlyMap<string, Reassigning> | KtoolError> {
  try {
    const answer = await askController(
      cluster,
      listPartitionReassignments,
      { timeoutMs: Math.floor(cluster.deadline.patienceMs()), topics: null },
      ({ errorCode }) => [errorCode],
    )
    if (answer.errorCode !== 0) return brokerError(answer.errorCode, answer.errorMessage)
    return new Map(
      answer.topics.flatMap(({ name, partitions }) =>
        partitions.map(
          (each) => [partitionName({ topic: name, partition: each.partitionIndex }), each] as const,
        ),
      ),
    )
  } catch (error) {
    if (error instanceof KtoolError) return error
    throw error
  }
}
