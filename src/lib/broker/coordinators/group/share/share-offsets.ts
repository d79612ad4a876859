import type { ErrorName } from '../../../../protocol/error-codes.ts'
import { ApiError } from '../../../api-error.ts'
import { defaultMessage } from '../../../default-messages.ts'
import type { GroupShard } from '../group-shard.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ShareGroupRecord, ShareTopic } from './share-group-record.ts'
import type { ShareHeartbeats } from './share-heartbeats.ts'
import type { ShareInitialisation } from './share-initialisation.ts'

export interface AlterWish {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly startOffset: number }[]
}

export interface AlteredTopic {
  readonly topic: string
  /** Null: there is no such topic. */
  readonly topicId: string | null
  readonly partitions: readonly { readonly partition: number; readonly error: ErrorName }[]
}

/** Where a share group without members goes on. */
export class ShareOffsets {
  readonly #shard: GroupShard
  readonly #topics: TopicsView
  readonly #initialisation: ShareInitialisation
  readonly #heartbeats: ShareHeartbeats

  constructor(
    shard: GroupShard,
    topics: TopicsView,
    initialisation: ShareInitialisation,
    heartbeats: ShareHeartbeats,
  ) {
    this.#shard = shard
    this.#topics = topics
    this.#initialisation = initialisation
    this.#heartbeats = heartbeats
  }

  /** A group that is not there yet is made. Throws an ApiError that is about the group. */
  alter(groupId: string, wishes: readonly AlterWish[]): AlteredTopic[] {
    const group = this.#heartbeats.groupOrNew(groupId)
    if (group.members.size > 0) throw new ApiError('NON_EMPTY_GROUP', defaultMessage('NON_EMPTY_GROUP') ?? '')
    const altered = wishes.map((wish) => this.#check(wish))
    const topics = new Map<string, ShareTopic>()
    const offsets = new Map<string, number>()
    altered.forEach(({ topic, topicId, partitions }, i) => {
      if (topicId === null) return
      const known = partitions.filter(({ error }) => error === 'NONE').map(({ partition }) => partition)
      topics.set(topicId, { name: topic, partitions: new Set(known) })
      for (const { partition, startOffset } of wishes[i]?.partitions ?? []) {
        offsets.set(`${topicId}:${partition}`, startOffset)
      }
    })
    const records: ShareGroupRecord[] = []
    this.#initialisation.note(group, numbered(topics), records)
    this.#shard.writeShares(records)
    // The share coordinator is asked only then, and the group is there already.
    mustBeNumbered(groupId, topics)
    const initialising = { groupId, stateEpoch: group.epoch, topics }
    this.#initialisation.initialise(
      initialising,
      (topicId, partition) => offsets.get(`${topicId}:${partition}`) ?? -1,
    )
    if (topics.size > 0) this.#initialisation.finish(initialising)
    return altered
  }

  #check({ topic, partitions }: AlterWish): AlteredTopic {
    const known = this.#topics.byName(topic)
    const count = known?.partitions.size ?? 0
    return {
      ...{ topic, topicId: known?.topicId ?? null },
      partitions: partitions.map(({ partition }) => ({
        partition,
        error: partition < count ? 'NONE' : 'UNKNOWN_TOPIC_OR_PARTITION',
      })),
    }
  }
}

function numbered(topics: ReadonlyMap<string, ShareTopic>): Map<string, ShareTopic> {
  return new Map(
    Array.from(topics, ([topicId, { name, partitions }]) => [
      topicId,
      { name, partitions: new Set([...partitions].filter((partition) => partition >= 0)) },
    ]),
  )
}

function mustBeNumbered(groupId: string, topics: ReadonlyMap<string, ShareTopic>): void {
  for (const [topicId, { partitions }] of topics) {
    for (const partition of partitions) {
      if (partition >= 0) continue
      const message = `Initialize share group parameters has invalid partitionId - ${groupId} ${topicId} ${partition}`
      throw new ApiError('UNKNOWN_SERVER_ERROR', message)
    }
  }
}
