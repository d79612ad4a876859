import { ApiError } from '../api-error.ts'
import { uuidHash } from '../coordinators/group/modern/assignment.ts'
import type { SharePartitionKey } from '../coordinators/share/share-partition-key.ts'
import type { ShareStateCoordinator } from '../coordinators/share/share-state-coordinator.ts'
import { defaultMessage } from '../default-messages.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import { isAuthorizedOnCluster, unauthorized } from './authorize.ts'
import type { RequestContext } from './handler.ts'

interface Asked<P> {
  readonly groupId: string
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly P[] }[]
}

export type StateAnswer<S> = S & {
  readonly partition: number
  readonly errorCode?: number
  readonly errorMessage?: string | null
}

interface Operation<P, S> {
  /** As Kafka calls it in its messages. */
  readonly name: string
  ask(states: ShareStateCoordinator, key: SharePartitionKey, asked: P): S
}

/** Kafka takes no notice of a request that leaves something out. */
export function isIncomplete({ groupId, topics }: Asked<unknown>): boolean {
  return groupId === '' || topics.length === 0 || topics.some(({ partitions }) => partitions.length === 0)
}

/** Only brokers may ask for it. Others are refused before anything is looked at, each partition as it was given. */
export function refusalOfStates({ topics }: Asked<{ readonly partition: number }>, context: RequestContext) {
  if (isAuthorizedOnCluster(context, 'CLUSTER_ACTION')) return null
  const { code: errorCode, message: errorMessage } = unauthorized('CLUSTER')
  const results = topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map(({ partition }) => ({ partition, errorCode, errorMessage })),
  }))
  return { results }
}

/** What is asked of the state of share partitions, one by one; an answer for each, in the order of Java's maps. */
export async function shareStateResults<P extends { readonly partition: number }, S extends object>(
  { groupId, topics }: Asked<P>,
  context: RequestContext,
  operation: Operation<P, S>,
) {
  const { shareStates } = context.node
  const answers = new Map<string, Map<number, StateAnswer<Partial<S>>>>()
  for (const { topicId, partitions } of topics) {
    if (partitions.length === 0) continue
    const ofTopic = answers.get(topicId) ?? new Map<number, StateAnswer<Partial<S>>>()
    answers.set(topicId, ofTopic)
    for (const asked of partitions) {
      const key = { groupId, topicId, partition: asked.partition }
      ofTopic.set(asked.partition, await answerOf(shareStates, key, asked, operation))
    }
  }
  return inJavaMapOrder([...answers.keys()], uuidHash).map((topicId) => ({
    topicId,
    partitions: partitionsOf(answers.get(topicId)),
  }))
}

async function answerOf<P, S extends object>(
  states: ShareStateCoordinator,
  key: SharePartitionKey,
  asked: P,
  { name, ask }: Operation<P, S>,
): Promise<StateAnswer<Partial<S>>> {
  const { partition } = key
  try {
    const answer = ask(states, key, asked)
    await states.durable(key)
    return { ...answer, partition }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    const message = cause.message || `Unable to ${name}: ${defaultMessage(cause.error) ?? ''}`
    return { partition, errorCode: cause.code, errorMessage: message } as StateAnswer<Partial<S>>
  }
}

function partitionsOf<S>(answers: ReadonlyMap<number, S> | undefined): S[] {
  if (answers === undefined) return []
  return inJavaMapOrder([...answers.keys()], (partition) => partition).flatMap(
    (partition) => answers.get(partition) ?? [],
  )
}
