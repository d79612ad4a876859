import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import { FetchSession } from './fetch-session.ts'
import type { FetchTarget } from './fetch-target.ts'

export interface FetchSessionsFacts {
  readonly clock: Clock
  readonly random: Random
  /** `max.incremental.fetch.session.cache.slots` */
  readonly maxSessions: () => number
}

/** A session that was not used for so long makes room for any other. */
const STALE_MS = 120_000
const LARGEST_ID = 0x7fffffff

/** Incremental fetch sessions (KIP-227): so many and no more, since some clients open one with every fetch. */
export class FetchSessions {
  readonly #facts: FetchSessionsFacts
  /** Those that were used last come last. */
  readonly #sessions = new Map<number, FetchSession>()

  constructor(facts: FetchSessionsFacts) {
    this.#facts = facts
  }

  get count(): number {
    return this.#sessions.size
  }

  get(id: number): FetchSession | undefined {
    return this.#sessions.get(id)
  }

  /** Nothing where there is no room: the client then says all of it with every fetch. */
  open(targets: Map<string, FetchTarget>, usesTopicIds: boolean): FetchSession | undefined {
    const nowMs = this.#facts.clock.monotonicMs()
    if (!this.#makeRoom(targets.size, nowMs)) return undefined
    const session = new FetchSession({ id: this.#freeId(), usesTopicIds, createdMs: nowMs, targets })
    this.#sessions.set(session.id, session)
    return session
  }

  touch(session: FetchSession): void {
    session.advance(this.#facts.clock.monotonicMs())
    if (this.#sessions.delete(session.id)) this.#sessions.set(session.id, session)
  }

  close(id: number): void {
    this.#sessions.delete(id)
  }

  /** As in Kafka: the one that was longest not used, once that is long ago; else one that is old and smaller. */
  #makeRoom(size: number, nowMs: number): boolean {
    if (this.#sessions.size < this.#facts.maxSessions()) return true
    const victim = this.#stale(nowMs) ?? this.#smaller(size, nowMs)
    return victim !== undefined && this.#sessions.delete(victim.id)
  }

  #stale(nowMs: number): FetchSession | undefined {
    const [oldest] = this.#sessions.values()
    return oldest !== undefined && nowMs - oldest.lastUsedMs > STALE_MS ? oldest : undefined
  }

  #smaller(size: number, nowMs: number): FetchSession | undefined {
    let smallest: FetchSession | undefined
    for (const session of this.#sessions.values()) {
      const isOld = nowMs - session.createdMs > STALE_MS
      if (isOld && session.size < (smallest?.size ?? size)) smallest = session
    }
    return smallest
  }

  #freeId(): number {
    for (;;) {
      const id = 1 + this.#facts.random.below(LARGEST_ID)
      if (!this.#sessions.has(id)) return id
    }
  }
}
