import type { TopicPartition } from '../../model/groups.ts'
import type { ElectionType, LeadersChanger } from '../../model/leaders.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { electLeaders } from '../../protocol/apis/elect-leaders.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { inChunks } from '../../values/in-chunks.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'

/** The wire's numbers of elections; before Kafka 2.4 there are preferred ones alone, and no number is sent. */
const wireTypes: Readonly<Record<ElectionType, number>> = { preferred: 0, unclean: 1 }
const AT_ONCE = 1000

type Result = 'elected' | 'unneeded'

/** Elections of a live cluster. */
export function leadersChanger(cluster: Cluster): LeadersChanger {
  return {
    elect: async (type, partitions) => {
      const outcomes: Outcome<Result>[] = []
      for (const part of inChunks(partitions, AT_ONCE)) outcomes.push(...(await elect(cluster, type, part)))
      return outcomes
    },
  }
}

async function elect(
  cluster: Cluster,
  type: ElectionType,
  partitions: readonly TopicPartition[],
): Promise<Outcome<Result>[]> {
  // Nothing in place of a list would elect whatever is there by the time it is read.
  const topicPartitions = [...groupedByTopic(partitions)].map(([topic, own]) => ({
    topic,
    partitions: own.map(({ partition }) => partition),
  }))
  const question = {
    electionType: wireTypes[type],
    topicPartitions,
    timeoutMs: cluster.deadline.patienceMs(),
  }
  const answer = await askController(cluster, electLeaders, question, errorsOf)
  const whole = answer.errorCode === 0 ? undefined : brokerError(answer.errorCode)
  const told = new Map(
    answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map((each) => [partitionName({ topic, partition: each.partitionId }), each] as const),
    ),
  )
  return partitions.map((at) => {
    const item = partitionName(at)
    return { item, outcome: whole ?? resultOf(told.get(item)) }
  })
}

type Told = AnswerOf<typeof electLeaders>['replicaElectionResults'][number]['partitionResult'][number]

function resultOf(told: Told | undefined): Result | ReturnType<typeof brokerError> {
  // Kafka leaves out some that it has nothing to do for.
  if (told === undefined || told.errorCode === errorCodes.ELECTION_NOT_NEEDED) return 'unneeded'
  return told.errorCode === 0 ? 'elected' : brokerError(told.errorCode, told.errorMessage)
}

function errorsOf({ errorCode, replicaElectionResults }: AnswerOf<typeof electLeaders>): number[] {
  const own = replicaElectionResults.flatMap(({ partitionResult }) =>
    partitionResult.map((each) => each.errorCode),
  )
  return [errorCode, ...own]
}
