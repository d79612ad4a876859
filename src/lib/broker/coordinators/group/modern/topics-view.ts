import type { Controller, LiveTopic } from '../../../controller/controller.ts'
import { groupHash, topicHash } from './topic-hash.ts'

export type TopicsFacts = Pick<Controller, 'topicByName' | 'topicById' | 'topics' | 'image' | 'endOffset'>

/** The topics of the cluster as groups look at them. What is known of a topic's hash is kept until it changes. */
export class TopicsView {
  readonly #controller: TopicsFacts
  readonly #hashes = new Map<string, bigint>()
  readonly #known: Set<string>
  /** Of the metadata when a topic was made last, or at the beginning. */
  versionWithNewTopics: number

  constructor(controller: TopicsFacts) {
    this.#controller = controller
    this.#known = new Set(controller.topics().map(({ topicId }) => topicId))
    this.versionWithNewTopics = this.version
  }

  byName(name: string): LiveTopic | undefined {
    return this.#controller.topicByName(name)
  }

  byId(topicId: string): LiveTopic | undefined {
    return this.#controller.topicById(topicId)
  }

  names(): string[] {
    return this.#controller.topics().map(({ name }) => name)
  }

  /** Of the metadata. */
  get version(): number {
    return this.#controller.endOffset - 1
  }

  partitionCount(topicId: string): number {
    return this.byId(topicId)?.partitions.size ?? -1
  }

  idsOf(names: Iterable<string>): Set<string> {
    const ids = new Set<string>()
    for (const name of names) {
      const topic = this.byName(name)
      if (topic !== undefined) ids.add(topic.topicId)
    }
    return ids
  }

  /** Of those that are there. */
  hashOf(names: Iterable<string>): bigint {
    const hashes = new Map<string, bigint>()
    for (const name of names) {
      const topic = this.byName(name)
      if (topic !== undefined) hashes.set(name, this.#hashOf(topic))
    }
    return groupHash(hashes)
  }

  grown({ name, topicId }: LiveTopic): void {
    this.#hashes.delete(name)
    if (this.#known.has(topicId)) return
    this.#known.add(topicId)
    this.versionWithNewTopics = this.version
  }

  deleted({ name, topicId }: LiveTopic): void {
    this.#hashes.delete(name)
    this.#known.delete(topicId)
  }

  #hashOf({ name, topicId, partitions }: LiveTopic): bigint {
    const known = this.#hashes.get(name)
    if (known !== undefined) return known
    const { brokers } = this.#controller.image()
    const racks = Array.from({ length: partitions.size }, (_, i) =>
      (partitions.get(i)?.replicas ?? []).flatMap((id) => brokers.get(id)?.rack ?? []),
    )
    const hash = topicHash({ topicId, name, racks })
    this.#hashes.set(name, hash)
    return hash
  }
}
