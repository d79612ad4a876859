import type { Outcome } from '../../model/outcome.ts'
import type { CreatedTopic, MorePartitions, NewTopic, TopicsChanger } from '../../model/topics-changer.ts'
import { createPartitions } from '../../protocol/apis/create-partitions.ts'
import { createTopics } from '../../protocol/apis/create-topics.ts'
import { deleteTopics } from '../../protocol/apis/delete-topics.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'
import { deleteRecordsOf, logStartsOf } from './records-changer.ts'
import { topicStates } from './topic-states.ts'

export function topicsChanger(cluster: Cluster): TopicsChanger {
  return {
    states: (topics) => topicStates(cluster, topics),
    create: (topics, isTrial) => create(cluster, topics, isTrial),
    delete: (topics) => remove(cluster, topics),
    addPartitions: (topics, isTrial) => addPartitions(cluster, topics, isTrial),
    logStarts: (partitions) => logStartsOf(cluster, partitions),
    deleteRecords: (before) => deleteRecordsOf(cluster, before),
  }
}

async function create(
  cluster: Cluster,
  topics: readonly NewTopic[],
  isTrial: boolean,
): Promise<readonly Outcome<CreatedTopic>[]> {
  const question = {
    topics: topics.map(({ topic, partitions, replicationFactor, assignment, configs }) => ({
      name: topic,
      numPartitions: assignment === null ? partitions : -1,
      replicationFactor: assignment === null ? replicationFactor : -1,
      assignments: (assignment ?? []).map((brokerIds, partitionIndex) => ({
        partitionIndex,
        brokerIds: [...brokerIds],
      })),
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    })),
    timeoutMs: patience(cluster),
    validateOnly: isTrial,
  }
  const answer = await askController(cluster, createTopics, question, (told) => errorCodes(told.topics))
  return byName(topics, answer.topics, ({ numPartitions, replicationFactor }) => ({
    partitions: numPartitions,
    replicationFactor,
  }))
}

async function remove(cluster: Cluster, topics: readonly string[]): Promise<readonly Outcome<null>[]> {
  const question = {
    topics: topics.map((name) => ({ name })),
    topicNames: [...topics],
    timeoutMs: patience(cluster),
  }
  const { versions } = await cluster.controller()
  // Version 6 has them in one field, those before in another.
  const isByNames = !versions.has(deleteTopics, { min: 6 })
  const asked = isByNames ? { ...question, topics: [] } : { ...question, topicNames: [] }
  const answer = await askController(cluster, deleteTopics, asked, (told) => errorCodes(told.responses))
  return byName(
    topics.map((topic) => ({ topic })),
    answer.responses,
    () => null,
  )
}

async function addPartitions(
  cluster: Cluster,
  topics: readonly MorePartitions[],
  isTrial: boolean,
): Promise<readonly Outcome<null>[]> {
  const question = {
    topics: topics.map(({ topic, partitions, assignment }) => ({
      name: topic,
      count: partitions,
      assignments: assignment?.map((brokerIds) => ({ brokerIds: [...brokerIds] })) ?? null,
    })),
    timeoutMs: patience(cluster),
    validateOnly: isTrial,
  }
  const answer = await askController(cluster, createPartitions, question, (told) => errorCodes(told.results))
  return byName(topics, answer.results, () => null)
}

/** The controller is to give up before we do. */
function patience({ deadline }: Cluster): number {
  return Math.max(1, Math.floor(deadline.patienceMs() * 0.9))
}

interface Told {
  readonly name: string | null
  readonly errorCode: number
  readonly errorMessage: string | null
}

function errorCodes(told: readonly Told[]): number[] {
  return told.map(({ errorCode }) => errorCode)
}

/** Brokers answer in an order of their own. */
function byName<T extends Told, Answer>(
  asked: readonly { readonly topic: string }[],
  told: readonly T[],
  answerOf: (told: T) => Answer,
): Outcome<Answer>[] {
  const answers = new Map(told.map((each) => [each.name, each]))
  return asked.map(({ topic }) => {
    const answer = answers.get(topic)
    if (answer === undefined) return { item: topic, outcome: brokerError(-1, 'the controller left it out') }
    const { errorCode, errorMessage } = answer
    return {
      item: topic,
      outcome: errorCode === 0 ? answerOf(answer) : brokerError(errorCode, errorMessage),
    }
  })
}
