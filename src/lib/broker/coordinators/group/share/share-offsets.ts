import type { ErrorName } from '../../../../protocol/error-codes.ts'
import { ApiError } from '../../../api-error.ts'
import { defaultMessage } from '../../../default-messages.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import type { GroupShard } from '../group-shard.ts'
import { inKafkasOrder, uuidHash } from '../modern/assignment.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ShareGroupRecord, ShareTopic } from './share-group-record.ts'
import type { ShareHeartbeats } from './share-heartbeats.ts'
import type { InitialisationRefusal, ShareInitialisation } from './share-initialisation.ts'

export interface AlterWish {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly startOffset: number }[]
}

export interface AlteredTopic {
  readonly topic: string
  /** Null: there is no such topic. */
  readonly topicId: string | null
  readonly partitions: readonly {
    readonly partition: number
    readonly error: ErrorName
    /** Where it is not the usual one of the error. */
    readonly message?: string
  }[]
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
  async alter(groupId: string, wishes: readonly AlterWish[]): Promise<AlteredTopic[]> {
    const group = this.#heartbeats.groupOrNew(groupId)
    if (group.members.size > 0) throw new ApiError('NON_EMPTY_GROUP', defaultMessage('NON_EMPTY_GROUP') ?? '')
    const altered = wishes.map((wish) => this.#check(wish))
    const records: ShareGroupRecord[] = []
    this.#initialisation.note(group, noted(altered), records)
    this.#shard.writeShares(records)
    const { topics, offsets } = asked(altered, wishes)
    if (topics.size === 0) return altered
    // The share coordinator is asked only then, and the group is there already.
    mustBeNumbered(groupId, topics)
    const initialising = { groupId, stateEpoch: group.epoch, topics }
    const refused = this.#initialisation.initialise(
      initialising,
      (topicId, partition) => offsets.get(`${topicId}:${partition}`) ?? -1,
    )
    if (refused.length > 0) return altered.map((topic) => withRefusals(topic, refused))
    await this.#initialisation.durable(initialising)
    this.#initialisation.finish(initialising)
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

/** Of a topic that is named twice Kafka notes what stands last. */
function noted(altered: readonly AlteredTopic[]): Map<string, ShareTopic> {
  const topics = new Map<string, ShareTopic>()
  for (const { topic, topicId, partitions } of altered) {
    if (topicId === null) continue
    const known = partitions.filter(({ error }) => error === 'NONE').map(({ partition }) => partition)
    topics.set(topicId, { name: topic, partitions: new Set(known) })
  }
  return topics
}

interface Asked {
  readonly topics: ReadonlyMap<string, ShareTopic>
  /** By id and partition; of one that is named twice the last. */
  readonly offsets: ReadonlyMap<string, number>
}

function asked(altered: readonly AlteredTopic[], wishes: readonly AlterWish[]): Asked {
  const topics = new Map<string, { name: string; partitions: Set<number> }>()
  const offsets = new Map<string, number>()
  altered.forEach(({ topic, topicId, partitions }, i) => {
    const known = partitions.filter(({ error }) => error === 'NONE')
    if (topicId === null || known.length === 0) return
    const of = topics.get(topicId) ?? { name: topic, partitions: new Set<number>() }
    topics.set(topicId, of)
    for (const { partition } of known) of.partitions.add(partition)
    for (const { partition, startOffset } of wishes[i]?.partitions ?? []) {
      offsets.set(`${topicId}:${partition}`, startOffset)
    }
  })
  return { topics, offsets }
}

function mustBeNumbered(groupId: string, topics: ReadonlyMap<string, ShareTopic>): void {
  for (const topicId of inJavaMapOrder([...topics.keys()], uuidHash)) {
    const below = inKafkasOrder(topics.get(topicId)?.partitions ?? []).find((partition) => partition < 0)
    if (below === undefined) continue
    const message = `Initialize share group parameters has invalid partitionId - ${groupId} ${topicId} ${below}`
    throw new ApiError('UNKNOWN_SERVER_ERROR', message)
  }
}

function withRefusals(topic: AlteredTopic, refused: readonly InitialisationRefusal[]): AlteredTopic {
  const partitions = topic.partitions.map((each) => {
    const refusal = refused.find(
      ({ topicId, partition }) => topicId === topic.topicId && partition === each.partition,
    )
    if (refusal === undefined || each.error !== 'NONE') return each
    const { error, message } = refusal.error
    return { ...each, error, message: `Error in initialize state RPC. ${message || defaultMessage(error)}` }
  })
  return { ...topic, partitions }
}
