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
const PLACES = 8
const IDS_IN_A_PLACE = Math.trunc(LARGEST_ID / PLACES)
/** Of all sessions together: what a client says once must not be kept without limit. */
const MOST_TARGETS = 200_000

/** Incremental fetch sessions (KIP-227): so many and no more, since some clients open one with every fetch. */
export class FetchSessions {
  readonly #facts: FetchSessionsFacts
  /** Those that were used last come last. */
  readonly #sessions = new Map<number, FetchSession>()
  #targetCount = 0

  constructor(facts: FetchSessionsFacts) {
    this.#facts = facts
  }

  get count(): number {
    return this.#sessions.size
  }

  /** Kafka keeps its sessions in eight places by their ids, and fails for ids that would be in none of them. */
  hasPlaceFor(id: number): boolean {
    const place = Math.trunc(id / IDS_IN_A_PLACE)
    return place >= 0 && place < PLACES
  }

  get(id: number): FetchSession | undefined {
    return this.#sessions.get(id)
  }

  /** Nothing where there is no room: the client then says all of it with every fetch. */
  open(targets: Map<string, FetchTarget>, usesTopicIds: boolean): FetchSession | undefined {
    const nowMs = this.#facts.clock.monotonicMs()
    if (this.#targetCount + targets.size > MOST_TARGETS) return undefined
    if (!this.#makeRoom(targets.size, nowMs)) return undefined
    const session = new FetchSession({ id: this.#freeId(), usesTopicIds, createdMs: nowMs, targets })
    this.#sessions.set(session.id, session)
    this.#targetCount += session.size
    return session
  }

  /** After so many partitions were added to it. False where that is more than is kept; then it is closed. */
  touch(session: FetchSession, added: number): boolean {
    this.#targetCount += added
    if (added > 0 && this.#targetCount > MOST_TARGETS) {
      this.close(session.id)
      return false
    }
    session.advance(this.#facts.clock.monotonicMs())
    if (this.#sessions.delete(session.id)) this.#sessions.set(session.id, session)
    return true
  }

  close(id: number): void {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    this.#sessions.delete(id)
    this.#targetCount -= session.size
  }

  /** As in Kafka: the one that was longest not used, once that is long ago; else one that is old and smaller. */
  #makeRoom(size: number, nowMs: number): boolean {
    if (this.#sessions.size < this.#facts.maxSessions()) return true
    const victim = this.#stale(nowMs) ?? this.#smaller(size, nowMs)
    if (victim === undefined) return false
    this.close(victim.id)
    return true
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
      const id = 1 + this.#facts.random.below(PLACES * IDS_IN_A_PLACE - 1)
      if (!this.#sessions.has(id)) return id
    }
  }
}
