import { FailedError, KtoolError } from '../../errors.ts'
import type { Cluster } from '../cluster.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'
import type { Spread } from './partitioners.ts'

const TRIES = 6
const PAUSE_MS = 100

/** As often as Java's producer does: partitions may be added while records go on coming. */
const FRESH_MS = 5 * 60_000

/** Who leads the partitions of a topic; asked for anew whenever somebody was not the leader any more. */
export class TopicLeaders {
  readonly topic: string
  readonly #cluster: Cluster
  #leaders: ReadonlyMap<number, number> = new Map()
  #spread: Spread = { count: 0, available: [] }
  #askedMs = 0
  #asking: Promise<void> | undefined
  /** Why the topic could not be asked for last time. */
  failure: KtoolError | undefined

  private constructor(cluster: Cluster, topic: string) {
    this.#cluster = cluster
    this.topic = topic
  }

  static async of(cluster: Cluster, topic: string): Promise<TopicLeaders> {
    const leaders = new TopicLeaders(cluster, topic)
    await leaders.refresh()
    for (let tries = 1; leaders.#mayBeNew && tries < TRIES; tries += 1) {
      if (!(await cluster.deadline.pause(PAUSE_MS))) break
      await leaders.refresh()
    }
    if (leaders.failure !== undefined) throw withHint(leaders.failure, topic)
    return leaders
  }

  get spread(): Spread {
    return this.#spread
  }

  /** Brokers learn of a topic some moments after it was created. */
  get #mayBeNew(): boolean {
    return (
      this.failure?.code === 'unknown-topic-or-partition' || this.failure?.code === 'leader-not-available'
    )
  }

  /** −1 where there is none. */
  leaderOf(partition: number): number {
    return this.#leaders.get(partition) ?? -1
  }

  get isStale(): boolean {
    return this.#cluster.world.clock.monotonicMs() - this.#askedMs > FRESH_MS
  }

  /** What is known stays, where nothing new is told. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<void> {
    this.#askedMs = this.#cluster.world.clock.monotonicMs()
    this.#cluster.deadline.renew()
    try {
      await this.#cluster.nodes(this.#leaders.size > 0)
      const found = (await topicMetadata(this.#cluster, [this.topic])).get(this.topic)
      this.failure = found instanceof KtoolError ? found : undefined
      if (found === undefined || found instanceof KtoolError) return
      this.#leaders = new Map(found.partitions.map((each) => [each.partitionIndex, each.leaderId]))
      this.#spread = spreadOf(this.#leaders)
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      this.failure = error
    }
  }
}

function spreadOf(leaders: ReadonlyMap<number, number>): Spread {
  const all = [...leaders.keys()].sort((a, b) => a - b)
  const led = all.filter((partition) => (leaders.get(partition) ?? -1) >= 0)
  return { count: all.length, available: led.length === 0 ? all : led }
}

function withHint(error: KtoolError, topic: string): KtoolError {
  if (error.code !== 'unknown-topic-or-partition') return error
  return new FailedError('unknown-topic-or-partition', `there is no topic "${topic}"`, {
    hint: `producing creates none: ktool topics create ${topic}, or see ktool topics list`,
    details: error.details,
    cause: error,
  })
}
