import { toInt64 } from '../../bytes/int64.ts'
import { FailedError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { PartitionProducer } from '../../model/transactions.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeProducers } from '../../protocol/apis/describe-producers.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'

type Told = AnswerOf<
  typeof describeProducers
>['topics'][number]['partitions'][number]['activeProducers'][number]

/** Who writes to partitions, as their leaders know it: one outcome each, by their order. */
export async function partitionProducers(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<Outcome<PartitionProducer[]>[]> {
  const unique = new Map(partitions.map((at) => [partitionName(at), at]))
  const told = await askLeaders(cluster, [...unique.values()], (connection, own) =>
    askProducers(cluster, connection, own),
  )
  return partitions.map((at) => ({
    item: partitionName(at),
    outcome: told.get(partitionName(at)) ?? leftOut(at),
  }))
}

async function askProducers(
  cluster: Cluster,
  connection: Connection,
  own: readonly TopicPartition[],
): Promise<Map<string, PartitionProducer[] | Refusal>> {
  const topics = [...groupedByTopic(own)].map(([name, partitions]) => ({
    name,
    partitionIndexes: partitions.map(({ partition }) => partition),
  }))
  const answer = await cluster.askOf(connection, describeProducers, { topics })
  return new Map(
    answer.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, errorCode, errorMessage, activeProducers }) => {
        const at = { topic, partition }
        const producers = () => activeProducers.map((told) => producerOf(at, told)).sort(byProducerId)
        return [partitionName(at), orRefusal(errorCode, producers, errorMessage)] as const
      }),
    ),
  )
}

function producerOf(at: TopicPartition, told: Told): PartitionProducer {
  return {
    ...at,
    producerId: toInt64(told.producerId),
    producerEpoch: told.producerEpoch,
    lastSequence: told.lastSequence < 0 ? null : told.lastSequence,
    lastTimestampMs: told.lastTimestamp < 0n ? null : toInt64(told.lastTimestamp),
    coordinatorEpoch: told.coordinatorEpoch < 0 ? null : told.coordinatorEpoch,
    firstOffset: told.currentTxnStartOffset < 0n ? null : toInt64(told.currentTxnStartOffset),
  }
}

function byProducerId(a: PartitionProducer, b: PartitionProducer): number {
  return a.producerId < b.producerId ? -1 : 1
}

function leftOut({ topic, partition }: TopicPartition): FailedError {
  return new FailedError('not-answered', `the broker left ${topic}:${partition} out of its answer`)
}
