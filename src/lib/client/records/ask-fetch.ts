import type { Isolation } from '../../model/records.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { fetch } from '../../protocol/apis/fetch.ts'
import type { Connection } from '../connection/connection.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'
import type { FetchLane } from './fetch-lane.ts'

/** From version 13 on topics go by their ids; what followers say since 18 is nothing to us. */
const LAST_WITH_NAMES = 12
const LAST_WITH_IDS = 17
/** Since 4 there are isolation levels, and batches as they lie in the log. */
const FIRST = 4

/** An answer grows no larger than this, but for a single batch that is. */
const ANSWER_BYTES = 8 * 1024 * 1024
/** How long a broker waits for something to be written. */
export const MAX_WAIT_MS = 500

export type FetchedPartition = AnswerOf<typeof fetch>['responses'][number]['partitions'][number]

export interface Fetched {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly partitionOf: (lane: FetchLane) => FetchedPartition | undefined
}

/** What the partitions of one leader have, in one question; without a session, so that each one stands for itself. */
export async function askFetch(
  connection: Connection,
  lanes: readonly FetchLane[],
  isolation: Isolation,
  patienceMs: number,
): Promise<Fetched> {
  const hasIds = lanes.every(({ range }) => range.topicId !== null)
  const limits = { min: FIRST, max: hasIds ? LAST_WITH_IDS : LAST_WITH_NAMES }
  const question = {
    maxWaitMs: MAX_WAIT_MS,
    minBytes: 1,
    maxBytes: ANSWER_BYTES,
    isolationLevel: isolation === 'committed' ? 1 : 0,
    topics: topicsOf(lanes),
  }
  const { throttleTimeMs, errorCode, responses } = await connection.ask(fetch, question, patienceMs, limits)
  const isById = connection.versions.of(fetch, limits) > LAST_WITH_NAMES
  const byTopic = new Map(
    responses.map(({ topic, topicId, partitions }) => [
      isById ? topicId : topic,
      new Map(partitions.map((partition) => [partition.partitionIndex, partition])),
    ]),
  )
  const partitionOf = ({ range: { topic, topicId, partition } }: FetchLane) =>
    byTopic.get(isById && topicId !== null ? topicId : topic)?.get(partition)
  return { throttleTimeMs, errorCode, partitionOf }
}

function topicsOf(lanes: readonly FetchLane[]) {
  const placed = lanes.map((lane) => ({ ...lane.range, lane }))
  return [...groupedByTopic(placed)].map(([topic, own]) => ({
    topic,
    ...idOf(own[0]?.topicId),
    partitions: own.map(({ partition, lane }) => ({
      partition,
      fetchOffset: BigInt(lane.position),
      partitionMaxBytes: lane.maxBytes,
    })),
  }))
}

function idOf(topicId: string | null | undefined): { topicId?: string } {
  return typeof topicId === 'string' ? { topicId } : {}
}
