import type { RequestOf } from '../../protocol/api.ts'
import type { fetch } from '../../protocol/apis/fetch.ts'
import type { FetchResult } from './fetch-result.ts'
import { type FetchTarget, targetKey, targetsOf } from './fetch-target.ts'

type Request = RequestOf<typeof fetch>

const LARGEST_EPOCH = 0x7fffffff

export interface SessionFacts {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly createdMs: number
  readonly targets: Map<string, FetchTarget>
}

/** What a client fetches again and again, so that it needs to say only what changes (KIP-227). */
export class FetchSession {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly createdMs: number
  readonly #targets: Map<string, FetchTarget>
  /** Of the next request. */
  epoch = 1
  lastUsedMs: number

  constructor(facts: SessionFacts) {
    this.id = facts.id
    this.usesTopicIds = facts.usesTopicIds
    this.createdMs = facts.createdMs
    this.lastUsedMs = facts.createdMs
    this.#targets = facts.targets
  }

  get size(): number {
    return this.#targets.size
  }

  get targets(): FetchTarget[] {
    return [...this.#targets.values()]
  }

  update(request: Request): void {
    for (const [key, target] of targetsOf(request.topics)) {
      const known = this.#targets.get(key)
      if (known === undefined) this.#targets.set(key, target)
      else known.updateFrom(target)
    }
    for (const topic of request.forgottenTopicsData) {
      for (const partition of topic.partitions) this.#targets.delete(targetKey(topic, partition))
    }
  }

  advance(nowMs: number): void {
    this.epoch = this.epoch === LARGEST_EPOCH ? 1 : this.epoch + 1
    this.lastUsedMs = nowMs
  }

  /**
   * Those results that tell the client something new. Partitions with records go to the end, so that the others
   * have their turn when not all fit into an answer.
   */
  news(results: readonly FetchResult[]): FetchResult[] {
    const news = results.filter((result) => result.isNews())
    for (const { target, sizeBytes } of news) {
      const key = targetKey(target, target.partition)
      // It may have been forgotten while the answer was waited for.
      if (sizeBytes > 0 && this.#targets.delete(key)) this.#targets.set(key, target)
    }
    return news
  }
}
