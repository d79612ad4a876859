import { createPartitions } from '../../src/lib/protocol/apis/create-partitions.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { Again, Worker } from './worker.ts'

interface TopicChange {
  readonly name: string
  /** 0 takes it away. */
  readonly partitions: number
  readonly before: number
}

/** Makes topics, gives them more partitions, and takes them away, each until it is told that this is so. */
export class TopicWorker extends Worker {
  #change: TopicChange | undefined
  #isRepeated = false

  protected async step(): Promise<void> {
    this.#change ??= this.#next()
    const { name, partitions } = this.#change
    const isRepeated = this.#isRepeated
    this.#isRepeated = true
    const code = await this.#ask(this.#change)
    // It was not told, the first time.
    const settled = ['TOPIC_ALREADY_EXISTS', 'UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_PARTITIONS'] as const
    const isSettled = ['NONE', ...settled].includes(this.told(code, ['NONE', ...(isRepeated ? settled : [])]))
    if (!isSettled) throw new Again('not yet')
    this.journal.topicDone(name, partitions, this.world.clock.monotonicMs())
    this.#change = undefined
    this.#isRepeated = false
  }

  #next(): TopicChange {
    const known = [...this.journal.topics].filter(([, { partitions }]) => partitions > 0)
    const [name, { partitions: before }] =
      known.length > 3 && this.random.isTrue(0.8)
        ? this.random.pick(known)
        : [`topic-${this.journal.topics.size}`, { partitions: 0 }]
    const partitions = before === 0 ? 1 : this.random.isTrue(0.5) ? before + 1 : 0
    this.journal.topicWanted(name, partitions)
    return { name, before, partitions }
  }

  async #ask({ name, before, partitions }: TopicChange): Promise<number> {
    const client = await this.client()
    if (partitions === 0) {
      const { responses } = await client.ask(deleteTopics, 4, { topicNames: [name], timeoutMs: 5000 })
      return responses[0]?.errorCode ?? -1
    }
    if (before === 0) {
      const wish = { name, numPartitions: partitions, replicationFactor: -1, assignments: [], configs: [] }
      const { topics } = await client.ask(createTopics, 5, { topics: [wish], timeoutMs: 5000 })
      return topics[0]?.errorCode ?? -1
    }
    const wish = { name, count: partitions, assignments: null }
    const request = { topics: [wish], timeoutMs: 5000, validateOnly: false }
    const { results } = await client.ask(createPartitions, 3, request)
    return results[0]?.errorCode ?? -1
  }
}
