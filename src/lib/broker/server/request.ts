import type { ConnectionFacts, RequestContext } from '../apis/handler.ts'
import type { Outgoing } from '../faults/outgoing.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'
import type { Node } from '../node.ts'
import type { Asker } from '../quotas/rate-quota.ts'
import type { RequestHead } from './request-head.ts'
import type { RoomPool } from './room-pool.ts'

export interface RequestFacts {
  readonly head: RequestHead
  /** Without the header. */
  readonly sizeBytes: number
  readonly connection: ConnectionFacts
  readonly node: Node
  /** False while its client is not let in: such time is nobody's. */
  readonly isTimed: boolean
}

/** A request while it is answered. */
export class Request implements RequestContext {
  readonly head: RequestHead
  readonly sizeBytes: number
  readonly connection: ConnectionFacts
  readonly node: Node
  readonly #rooms: RoomPool
  readonly #borrowed: Buffer[] = []
  /** What is to go wrong with the answer when it leaves. */
  outgoing: Outgoing | undefined
  faultOf: RequestContext['faultOf']
  /** Nothing unless there is a journal. */
  entry: JournalEntry | undefined
  /** Its client is sent away, once it has been told. */
  farewell: (() => void) | undefined
  /** Nothing where nobody counts the time. */
  readonly #beganMs: number | undefined
  #tookMs: number | undefined
  #heldMs = 0
  #overtimeMs: number | undefined

  constructor({ head, sizeBytes, connection, node, isTimed }: RequestFacts, rooms: RoomPool) {
    this.head = head
    this.sizeBytes = sizeBytes
    this.connection = connection
    this.node = node
    this.#rooms = rooms
    if (isTimed && node.quotas.isTimeSet && !head.handler.isExempt)
      this.#beganMs = node.ports.clock.monotonicMs()
  }

  get version(): number {
    return this.head.version
  }

  get apiName(): string {
    return this.head.handler.api.name
  }

  get clientId(): string | null {
    return this.head.clientId
  }

  /** Users of a quota have no type in front; who says no client id has an empty one. */
  get asker(): Asker {
    const { principal } = this.connection
    return { user: principal.slice(principal.indexOf(':') + 1), clientId: this.head.clientId ?? '' }
  }

  get fairBytes(): number {
    return this.#rooms.fairBytes
  }

  borrow(sizeBytes: number): Buffer {
    const room = this.#rooms.take(sizeBytes)
    this.#borrowed.push(room)
    return room.subarray(0, sizeBytes)
  }

  holdBack(durationMs: number): void {
    this.#heldMs = Math.max(this.#heldMs, durationMs)
  }

  overtimeMs(): number {
    if (this.#beganMs === undefined) return 0
    this.#overtimeMs ??= this.node.quotas.worked(this.asker, this.#workMs(this.#beganMs))
    return this.#overtimeMs
  }

  /** From here on it waits for others: that is not its time. */
  waits(): void {
    if (this.#beganMs !== undefined) this.#tookMs ??= this.#workMs(this.#beganMs)
  }

  /** How long what comes next has to wait. Who wants no answer is held back by bytes alone. */
  heldMs(isAnswered: boolean): number {
    return isAnswered ? Math.max(this.#heldMs, this.overtimeMs()) : this.#heldMs
  }

  /** Counts the time of writing the answer too. */
  writing(write: () => void): void {
    if (this.#beganMs === undefined) {
      write()
      return
    }
    const { clock } = this.node.ports
    const fromMs = clock.monotonicMs()
    write()
    this.node.quotas.sent(this.asker, clock.monotonicMs() - fromMs)
  }

  /** The answer has left, or never will. */
  done(): void {
    for (const room of this.#borrowed) this.#rooms.give(room)
    this.#borrowed.length = 0
  }

  #workMs(beganMs: number): number {
    return this.#tookMs ?? this.node.ports.clock.monotonicMs() - beganMs
  }
}
