import type { ErrorName } from '../../../../protocol/error-codes.ts'
import { ApiError } from '../../../api-error.ts'
import { defaultMessage } from '../../../default-messages.ts'
import type { SharePartitionKey } from '../../share/share-partition-key.ts'
import type { GroupShard } from '../group-shard.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ShareGroup } from './share-group.ts'
import type { ShareGroupRecord, ShareTopic, ShareTopics } from './share-group-record.ts'
import type { ShareHeartbeats } from './share-heartbeats.ts'

export interface DeletedTopic {
  readonly topic: string
  readonly topicId: string | null
  readonly error: ErrorName
  readonly message: string | null
}

interface DeletionFacts {
  readonly shard: GroupShard
  readonly topics: TopicsView
  readonly states: { delete(key: SharePartitionKey): void }
  readonly heartbeats: ShareHeartbeats
}

/** Share groups, or what they know of topics, taken away: first it is noted, then done, then the note goes. */
export class ShareDeletions {
  readonly #facts: DeletionFacts

  constructor(facts: DeletionFacts) {
    this.#facts = facts
  }

  deleteGroup(groupId: string): ErrorName {
    const group = this.#facts.heartbeats.group(groupId)
    if (group.members.size > 0) return 'NON_EMPTY_GROUP'
    const error = this.#deleteStates(group)
    if (error !== null) return error
    const of = { group: groupId, value: null }
    const records: ShareGroupRecord[] = [
      { kind: 'shareTargetEpoch', ...of },
      { kind: 'shareTopics', ...of },
      { kind: 'shareEpoch', ...of },
    ]
    this.#facts.shard.writeShares(records)
    return 'NONE'
  }

  /** Throws an ApiError that is about the group. */
  deleteOffsets(groupId: string, names: readonly string[]): DeletedTopic[] {
    const group = this.#facts.heartbeats.group(groupId)
    if (group.members.size > 0) throw new ApiError('NON_EMPTY_GROUP', defaultMessage('NON_EMPTY_GROUP') ?? '')
    const initialised = new Map(group.topics.initialised)
    const deleting = new Map(group.topics.deleting)
    const refused: DeletedTopic[] = []
    const going: { readonly topicId: string; readonly topic: ShareTopic }[] = []
    for (const name of names) {
      const known = this.#facts.topics.byName(name)
      const topic = known === undefined ? undefined : this.#kept(group.topics, known.topicId)
      if (known === undefined) refused.push(refusal(name, defaultMessage('UNKNOWN_TOPIC_OR_PARTITION')))
      else if (topic === undefined) refused.push(refusal(name, 'There is no offset information to delete.'))
      else if (!going.some(({ topicId }) => topicId === known.topicId)) {
        going.push({ topicId: known.topicId, topic: { ...topic, name } })
        initialised.delete(known.topicId)
        deleting.set(known.topicId, name)
      }
    }
    if (group.topics.initialised.size + group.topics.initialising.size + group.topics.deleting.size === 0) {
      return refused
    }
    this.#write(groupId, { ...group.topics, initialised, deleting })
    if (going.length === 0) return refused
    const deleted = going.map(({ topicId, topic }) => this.#deleteTopic(groupId, topicId, topic))
    const done = new Set(deleted.filter(({ error }) => error === 'NONE').map(({ topicId }) => topicId))
    if (done.size > 0) {
      const left = new Map([...group.topics.deleting].filter(([topicId]) => !done.has(topicId)))
      this.#write(groupId, { ...group.topics, deleting: left })
    }
    return [
      ...deleted.filter(({ error }) => error === 'NONE'),
      ...refused,
      ...deleted.filter(({ error }) => error !== 'NONE'),
    ]
  }

  /** What is noted as going away may not have gone: it is tried again. */
  #kept({ initialised, deleting }: ShareTopics, topicId: string): ShareTopic | undefined {
    const known = initialised.get(topicId)
    if (known !== undefined || !deleting.has(topicId)) return known
    const count = this.#facts.topics.partitionCount(topicId)
    return { name: '', partitions: new Set(Array.from({ length: Math.max(0, count) }, (_, i) => i)) }
  }

  #deleteStates(group: ShareGroup): ErrorName | null {
    const { initialised, initialising, deleting } = group.topics
    const going = new Map<string, ShareTopic>([...initialised])
    for (const [topicId, topic] of initialising) {
      const partitions = new Set([...(going.get(topicId)?.partitions ?? []), ...topic.partitions])
      going.set(topicId, { name: topic.name, partitions })
    }
    for (const topicId of deleting.keys()) {
      const topic = this.#facts.topics.byId(topicId)
      if (topic === undefined) continue
      going.set(topicId, { name: topic.name, partitions: new Set(topic.partitions.keys()) })
    }
    if (initialised.size + initialising.size + deleting.size === 0) return null
    const names = new Map([...going].map(([topicId, { name }]) => [topicId, name]))
    this.#write(group.groupId, { initialising: new Map(), initialised: new Map(), deleting: names })
    // Kafka's own request to the share coordinator is not sound then, and what it fails with is told of partitions.
    const isEmpty = ({ partitions }: ShareTopic) => partitions.size === 0
    const isUnsound = (topic: ShareTopic) => isEmpty(topic) || [...topic.partitions].some((each) => each < 0)
    const topics = [...going.values()]
    if (topics.some(isUnsound)) return topics.every(isEmpty) ? null : 'UNKNOWN_SERVER_ERROR'
    for (const [topicId, topic] of going) {
      const { error } = this.#deleteTopic(group.groupId, topicId, topic)
      if (error !== 'NONE') return error
    }
    return null
  }

  #deleteTopic(groupId: string, topicId: string, { name, partitions }: ShareTopic): DeletedTopic {
    try {
      for (const partition of partitions) this.#facts.states.delete({ groupId, topicId, partition })
      return { topic: name, topicId, error: 'NONE', message: null }
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      return { topic: name, topicId, error: cause.error, message: defaultMessage(cause.error) }
    }
  }

  #write(group: string, value: ShareTopics): void {
    this.#facts.shard.writeShares([{ kind: 'shareTopics', group, value }])
  }
}

function refusal(topic: string, message: string | null): DeletedTopic {
  return { topic, topicId: null, error: 'UNKNOWN_TOPIC_OR_PARTITION', message }
}
