import type { Clock } from '../../ports/clock.ts'

/**
 * How long until a Kafka broker has heard of a topic that it asked its controller to make: less than any client waits
 * before it asks again, and more than one that does not wait needs to see that the topic was not there.
 */
const HEARD_OF_AFTER_MS = 50

/** Topics that were made because somebody asked for them, and of which nobody is told for a moment. */
export class FreshTopics {
  readonly #clock: Clock
  readonly #dueMs = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(topicId: string): void {
    this.#dueMs.set(topicId, this.#clock.monotonicMs() + HEARD_OF_AFTER_MS)
  }

  has(topicId: string): boolean {
    if (this.#dueMs.size === 0) return false
    const nowMs = this.#clock.monotonicMs()
    for (const [id, dueMs] of this.#dueMs) if (dueMs <= nowMs) this.#dueMs.delete(id)
    return this.#dueMs.has(topicId)
  }
}
