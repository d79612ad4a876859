import type { MetadataState } from '../../log/cluster/metadata-state.ts'
import type { LiveTopic } from './controller.ts'
import { collisionName } from './topic-names.ts'

/** The topics of the state, found by their names. */
export class LiveTopics {
  readonly #state: MetadataState
  readonly #byName = new Map<string, LiveTopic>()
  /** Names that are the same in metrics. */
  readonly #byCollisionName = new Map<string, Set<string>>()
  #sorted: readonly LiveTopic[] | null = null

  constructor(state: MetadataState) {
    this.#state = state
    for (const topic of state.topics.values()) this.#add(topic)
  }

  byName(name: string): LiveTopic | undefined {
    return this.#byName.get(name)
  }

  byId(topicId: string): LiveTopic | undefined {
    return this.#state.topics.get(topicId)
  }

  sorted(): readonly LiveTopic[] {
    this.#sorted ??= [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return this.#sorted
  }

  colliding(name: string): string | undefined {
    const [other] = this.#byCollisionName.get(collisionName(name)) ?? []
    return other
  }

  /** After the records of its creation were replayed. */
  created(topicId: string): LiveTopic {
    const topic = this.#state.topics.get(topicId)
    if (topic === undefined) throw new RangeError(`no topic ${topicId}`)
    this.#add(topic)
    return topic
  }

  deleted({ name }: LiveTopic): void {
    this.#byName.delete(name)
    this.#sorted = null
    const key = collisionName(name)
    const names = this.#byCollisionName.get(key)
    names?.delete(name)
    if (names?.size === 0) this.#byCollisionName.delete(key)
  }

  #add(topic: LiveTopic): void {
    this.#byName.set(topic.name, topic)
    this.#sorted = null
    const key = collisionName(topic.name)
    this.#byCollisionName.set(key, (this.#byCollisionName.get(key) ?? new Set()).add(topic.name))
  }
}
