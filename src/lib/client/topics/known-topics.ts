import type { KtoolError } from '../../errors.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeTopicPartitions } from '../../protocol/apis/describe-topic-partitions.ts'
import { inChunks } from '../../values/in-chunks.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { inParallel } from '../routing/in-parallel.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'

type DescribedTopic = AnswerOf<typeof describeTopicPartitions>['topics'][number]

/** A topic as one of the two questions for it tells; Metadata knows no eligible leader replicas. */
export interface KnownTopic extends Pick<DescribedTopic, 'name' | 'topicId' | 'isInternal'> {
  readonly partitions: readonly KnownPartition[]
}

export type KnownPartition = Pick<
  DescribedTopic['partitions'][number],
  'partitionIndex' | 'leaderId' | 'leaderEpoch' | 'replicaNodes' | 'isrNodes' | 'offlineReplicas'
> & {
  readonly eligibleLeaderReplicas?: readonly number[] | null
  readonly lastKnownElr?: readonly number[] | null
}

export type KnownTopics = ReadonlyMap<string, KnownTopic | KtoolError>

const NAMES_AT_ONCE = 1000
const AT_ONCE = 2

/** Who leads what: with eligible leader replicas where they are wanted and the broker tells them (Kafka 4.0). */
export async function knownTopics(
  cluster: Cluster,
  names: readonly string[],
  isElrWanted: boolean,
): Promise<KnownTopics> {
  if (!isElrWanted) return topicMetadata(cluster, names)
  const { versions } = await cluster.any()
  return versions.has(describeTopicPartitions) ? inPages(cluster, names) : topicMetadata(cluster, names)
}

async function inPages(cluster: Cluster, names: readonly string[]): Promise<KnownTopics> {
  const parts = inChunks([...new Set(names)], NAMES_AT_ONCE)
  const found = await inParallel(parts, AT_ONCE, (part) => pagesOf(cluster, part))
  return new Map(found.flatMap((each) => [...each]))
}

/** A page ends in the midst of a topic, if it has to; the next one goes on there. */
async function pagesOf(
  cluster: Cluster,
  names: readonly string[],
): Promise<Map<string, KnownTopic | KtoolError>> {
  const found = new Map<string, KnownTopic | KtoolError>()
  const topics = names.map((name) => ({ name }))
  let cursor: AnswerOf<typeof describeTopicPartitions>['nextCursor'] = null
  do {
    const page: AnswerOf<typeof describeTopicPartitions> = await cluster.ask(describeTopicPartitions, {
      topics,
      cursor,
    })
    for (const topic of page.topics) add(found, topic)
    cursor = isFurther(page.nextCursor, cursor) ? page.nextCursor : null
  } while (cursor !== null)
  return found
}

function add(found: Map<string, KnownTopic | KtoolError>, topic: DescribedTopic): void {
  const name = topic.name ?? ''
  const before = found.get(name)
  if (topic.errorCode !== 0) found.set(name, brokerError(topic.errorCode))
  else if (before === undefined || before instanceof Error) found.set(name, topic)
  else found.set(name, { ...before, partitions: [...before.partitions, ...topic.partitions] })
}

type Cursor = NonNullable<AnswerOf<typeof describeTopicPartitions>['nextCursor']>

/** A broker that sends us round in circles is not followed. */
function isFurther(next: Cursor | null, last: Cursor | null): boolean {
  if (next === null || last === null) return next !== null
  if (next.topicName !== last.topicName) return next.topicName > last.topicName
  return next.partitionIndex > last.partitionIndex
}
