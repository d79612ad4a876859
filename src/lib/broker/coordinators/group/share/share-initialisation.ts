import type { Clock } from '../../../../ports/clock.ts'
import { ApiError } from '../../../api-error.ts'
import type { SharePartitionKey } from '../../share/share-partition-key.ts'
import type { InitialiseShareState } from '../../share/share-state-answers.ts'
import { appendError } from '../append-error.ts'
import type { GroupShard } from '../group-shard.ts'
import { type Assignment, noAssignment } from '../modern/assignment.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ShareGroup } from './share-group.ts'
import {
  noShareTopics,
  type ShareGroupRecord,
  type ShareTopic,
  type ShareTopics,
} from './share-group-record.ts'
import { subscriptionsOf } from './share-subscriptions.ts'

/** Where the state of share partitions is begun. */
export interface ShareStateStarter {
  createTopic(): void
  initialise(wish: InitialiseShareState): void
  /** Resolves once what was initialised of the share partition is as safe as the broker promises. */
  durable(key: SharePartitionKey): Promise<void>
}

export interface Initialising {
  readonly groupId: string
  readonly stateEpoch: number
  readonly topics: ReadonlyMap<string, ShareTopic>
}

/** What the share coordinator has against a partition. */
export interface InitialisationRefusal {
  readonly topicId: string
  readonly partition: number
  readonly error: ApiError
}

interface InitialisationFacts {
  readonly shard: GroupShard
  readonly topics: TopicsView
  readonly states: ShareStateStarter
  readonly clock: Clock
  readonly retryMs: () => number
}

/** Partitions are assigned only once the share coordinator keeps a state of them. */
export class ShareInitialisation {
  readonly #facts: InitialisationFacts

  constructor(facts: InitialisationFacts) {
    this.#facts = facts
  }

  /** What has to be initialised, if anything; it is noted among the records. */
  begin(
    group: ShareGroup,
    stateEpoch: number,
    names: Iterable<string>,
    records: ShareGroupRecord[],
  ): Initialising | null {
    const topics = this.#missing(group, names)
    if (topics.size === 0) return null
    this.note(group, topics, records)
    return { groupId: group.groupId, stateEpoch, topics }
  }

  /** They are about to be initialised. */
  note(group: ShareGroup, topics: ReadonlyMap<string, ShareTopic>, records: ShareGroupRecord[]): void {
    if (topics.size === 0) return
    const { initialising, initialised, deleting } = group.topics
    const value = {
      initialising: combined(initialising, topics),
      initialised,
      deleting: new Map([...deleting].filter(([topicId]) => !topics.has(topicId))),
    }
    records.push({ kind: 'shareTopics', group: group.groupId, value })
  }

  /** After the answer: the next heartbeat finds them initialised, or that it has to be tried again. */
  go(initialising: Initialising): void {
    this.#facts.clock.after(0, () => void this.#initialiseNew(initialising))
  }

  async #initialiseNew(initialising: Initialising): Promise<void> {
    try {
      const [refusal] = this.initialise(initialising, () => -1)
      if (refusal !== undefined) throw refusal.error
      await this.durable(initialising)
      this.finish(initialising)
    } catch (cause) {
      const error = appendError(cause)
      this.#facts.shard.world.log.log('warn', 'share partitions cannot be initialised', {
        ...{ group: initialising.groupId, error },
      })
      this.#giveUp(initialising)
    }
  }

  /** A group that outlives a power cut, and its states do not, would ask for them in vain for ever. */
  async durable({ groupId, topics }: Initialising): Promise<void> {
    for (const [topicId, { partitions }] of topics) {
      for (const partition of partitions) await this.#facts.states.durable({ groupId, topicId, partition })
    }
  }

  /** One by one: those that the share coordinator refuses keep none of the others from it. */
  initialise(
    { groupId, stateEpoch, topics }: Initialising,
    startOffset: (topicId: string, partition: number) => number,
  ): InitialisationRefusal[] {
    this.#facts.states.createTopic()
    const refused: InitialisationRefusal[] = []
    for (const [topicId, { partitions }] of topics) {
      for (const partition of partitions) {
        const wish = { groupId, topicId, partition, stateEpoch, startOffset: startOffset(topicId, partition) }
        try {
          this.#facts.states.initialise(wish)
        } catch (cause) {
          if (!(cause instanceof ApiError)) throw cause
          refused.push({ topicId, partition, error: cause })
        }
      }
    }
    return refused
  }

  finish({ groupId, topics }: Initialising): void {
    const group = this.#facts.shard.shares.get(groupId)
    if (group === undefined) return
    const { initialising, initialised, deleting } = group.topics
    this.#write(groupId, {
      ...{ deleting, initialising: without(initialising, topics) },
      initialised: combined(initialised, topics),
    })
  }

  topicDeleted(topicId: string): void {
    for (const { groupId, topics } of this.#facts.shard.shares.all()) {
      const parts = [topics.initialising, topics.initialised, topics.deleting]
      if (!parts.some((part) => part.has(topicId))) continue
      const kept = <T>(part: ReadonlyMap<string, T>) => new Map([...part].filter(([id]) => id !== topicId))
      const { initialising, initialised, deleting } = topics
      this.#write(groupId, {
        ...{ initialising: kept(initialising), initialised: kept(initialised), deleting: kept(deleting) },
      })
    }
  }

  #giveUp({ groupId, topics }: Initialising): void {
    const group = this.#facts.shard.shares.get(groupId)
    if (group === undefined || group.topics.initialising.size === 0) return
    try {
      this.#write(groupId, { ...group.topics, initialising: without(group.topics.initialising, topics) })
    } catch (cause) {
      // Some time later it is tried again in any case.
      if (!(cause instanceof ApiError)) appendError(cause)
    }
  }

  #write(group: string, value: ShareTopics): void {
    this.#facts.shard.writeShares([{ kind: 'shareTopics', group, value }])
  }

  #missing(group: ShareGroup, names: Iterable<string>): Map<string, ShareTopic> {
    const { clock, topics, retryMs } = this.#facts
    const isPending = clock.nowMs() - group.initialisingSinceMs < retryMs()
    const { initialising, initialised } = group.topics
    const known = combined(initialised, isPending ? initialising : noShareTopics.initialising)
    const missing = new Map<string, ShareTopic>()
    for (const name of names) {
      const topic = topics.byName(name)
      if (topic === undefined) continue
      const there = known.get(topic.topicId)?.partitions ?? new Set<number>()
      if (there.size >= topic.partitions.size) continue
      const partitions = [...topic.partitions.keys()].filter((partition) => !there.has(partition))
      missing.set(topic.topicId, { name, partitions: new Set(partitions.sort((a, b) => a - b)) })
    }
    return missing
  }
}

/** What was initialised is not what the target of the group is made of. */
export function isInitialisedAnew({ members, target, topics }: ShareGroup): boolean {
  const names = subscriptionsOf(members.values())
  if (names.size === 0) return false
  const assigned = new Map<string, Set<number>>()
  for (const assignment of target.values()) addTo(assigned, assignment)
  for (const [topicId, { name, partitions }] of topics.initialised) {
    if (!names.has(name)) continue
    const known = assigned.get(topicId)
    if (known === undefined || known.size !== partitions.size) return true
    for (const partition of partitions) if (!known.has(partition)) return true
  }
  return false
}

function addTo(assigned: Map<string, Set<number>>, assignment: Assignment = noAssignment): void {
  for (const [topicId, partitions] of assignment) {
    const known = assigned.get(topicId) ?? new Set<number>()
    assigned.set(topicId, known)
    for (const partition of partitions) known.add(partition)
  }
}

function combined(
  older: ReadonlyMap<string, ShareTopic>,
  newer: ReadonlyMap<string, ShareTopic>,
): Map<string, ShareTopic> {
  const all = new Map(older)
  for (const [topicId, { name, partitions }] of newer) {
    all.set(topicId, {
      name,
      partitions: new Set([...(older.get(topicId)?.partitions ?? []), ...partitions]),
    })
  }
  return all
}

function without(
  topics: ReadonlyMap<string, ShareTopic>,
  gone: ReadonlyMap<string, ShareTopic>,
): Map<string, ShareTopic> {
  const left = new Map<string, ShareTopic>()
  for (const [topicId, { name, partitions }] of topics) {
    const going = gone.get(topicId)?.partitions
    const kept = [...partitions].filter((partition) => going?.has(partition) !== true)
    // One that was noted without any partition stays.
    if (going === undefined || kept.length > 0) left.set(topicId, { name, partitions: new Set(kept) })
  }
  return left
}
