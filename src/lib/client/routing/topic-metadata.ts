import type { KtoolError } from '../../errors.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { metadata } from '../../protocol/apis/metadata.ts'
import { inChunks } from '../../values/in-chunks.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'

export type TopicMetadata = AnswerOf<typeof metadata>['topics'][number]

/** A thousand names are asked for at once: the answer of a large topic is long. */
const NAMES_AT_ONCE = 1000

/** Topics by name, as a broker knows them; those that it does not know are errors. Nothing asks for all of them. */
export async function topicMetadata(
  cluster: Cluster,
  names: readonly string[] | undefined,
): Promise<Map<string, TopicMetadata | KtoolError>> {
  if (names === undefined) return byName(await cluster.ask(metadata, question(null)))
  const parts = inChunks([...new Set(names)], NAMES_AT_ONCE)
  const answers = await Promise.all(parts.map((part) => cluster.ask(metadata, question(part))))
  return new Map(answers.flatMap((answer) => [...byName(answer)]))
}

function question(names: readonly string[] | null) {
  return { topics: names?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: false }
}

/** Throws where the broker refuses to tell anything: an answer without topics is no cluster without them. */
function byName({ errorCode, topics }: AnswerOf<typeof metadata>): Map<string, TopicMetadata | KtoolError> {
  if (errorCode !== 0) throw brokerError(errorCode)
  return new Map(
    topics.map((topic) => [topic.name ?? '', isKnown(topic) ? topic : brokerError(topic.errorCode)] as const),
  )
}

/** A topic without leaders is there all the same. */
function isKnown({ errorCode, partitions }: TopicMetadata): boolean {
  return errorCode === 0 || partitions.length > 0
}
