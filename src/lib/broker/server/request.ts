import type { ConnectionFacts, RequestContext } from '../apis/handler.ts'
import type { Outgoing } from '../faults/outgoing.ts'
import type { Node } from '../node.ts'
import type { RequestHead } from './request-head.ts'
import type { RoomPool } from './room-pool.ts'

/** A request while it is answered. */
export class Request implements RequestContext {
  readonly head: RequestHead
  readonly connection: ConnectionFacts
  readonly node: Node
  readonly #rooms: RoomPool
  readonly #borrowed: Buffer[] = []
  /** What is to go wrong with the answer when it leaves. */
  outgoing: Outgoing | undefined

  constructor(head: RequestHead, connection: ConnectionFacts, node: Node, rooms: RoomPool) {
    this.head = head
    this.connection = connection
    this.node = node
    this.#rooms = rooms
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

  get fairBytes(): number {
    return this.#rooms.fairBytes
  }

  borrow(sizeBytes: number): Buffer {
    const room = this.#rooms.take(sizeBytes)
    this.#borrowed.push(room)
    return room.subarray(0, sizeBytes)
  }

  /** The answer has left, or never will. */
  done(): void {
    for (const room of this.#borrowed) this.#rooms.give(room)
    this.#borrowed.length = 0
  }
}
