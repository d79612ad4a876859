import { ApiError } from '../../api-error.ts'
import type { SharePlace } from './share-place.ts'

export const INITIAL_EPOCH = 0
export const FINAL_EPOCH = -1
const LAST_EPOCH = 0x7fff_ffff

/** Which partitions a member of a share group fetches from, so that it need not say so each time. */
export class ShareSession {
  readonly groupId: string
  readonly memberId: string
  readonly connectionId: number
  epoch = 1
  /** In the order in which they were added; what had records goes to the end. */
  readonly #places = new Map<string, SharePlace>()

  constructor(groupId: string, memberId: string, connectionId: number) {
    this.groupId = groupId
    this.memberId = memberId
    this.connectionId = connectionId
  }

  get places(): SharePlace[] {
    return [...this.#places.values()]
  }

  add(place: SharePlace): void {
    if (!this.#places.has(place.name)) this.#places.set(place.name, place)
  }

  remove({ name }: SharePlace): void {
    this.#places.delete(name)
  }

  get(name: string): SharePlace | undefined {
    return this.#places.get(name)
  }

  moveToEnd(place: SharePlace): void {
    if (this.#places.delete(place.name)) this.#places.set(place.name, place)
  }

  advance(): void {
    this.epoch = this.epoch === LAST_EPOCH ? 1 : this.epoch + 1
  }
}

interface ConnectionSession {
  readonly session: ShareSession
  /** Another has taken its place, or it was closed. */
  isStale: boolean
}

export interface SessionListener {
  /** Its link is gone, and its session is as well. */
  memberLeft(session: ShareSession): void
  /** No member of the group has a session any more. */
  groupEmptied(groupId: string): void
}

/** The sessions of share groups (KIP-932): each ends with the connection that it was begun by. */
export class ShareSessions {
  readonly #maxSessions: () => number
  readonly #listener: SessionListener
  readonly #sessions = new Map<string, ShareSession>()
  readonly #byConnection = new Map<number, ConnectionSession>()

  constructor(maxSessions: () => number, listener: SessionListener) {
    this.#maxSessions = maxSessions
    this.#listener = listener
  }

  get(groupId: string, memberId: string): ShareSession | undefined {
    return this.#sessions.get(nameOf(groupId, memberId))
  }

  /** Throws SHARE_SESSION_LIMIT_REACHED. The member's session before it, if there is one, is gone in any case. */
  begin(
    groupId: string,
    memberId: string,
    connection: { readonly id: number; readonly gone: AbortSignal },
  ): ShareSession {
    const before = this.get(groupId, memberId)
    if (before !== undefined) this.remove(before)
    if (this.#sessions.size >= this.#maxSessions()) throw new ApiError('SHARE_SESSION_LIMIT_REACHED')
    const session = new ShareSession(groupId, memberId, connection.id)
    this.#sessions.set(nameOf(groupId, memberId), session)
    const isWatched = this.#byConnection.has(connection.id)
    this.#byConnection.set(connection.id, { session, isStale: false })
    if (!isWatched)
      connection.gone.addEventListener('abort', () => this.#disconnected(connection.id), { once: true })
    return session
  }

  /** The session at this epoch, which is over with that. */
  advance(groupId: string, memberId: string, epoch: number): ShareSession {
    const session = this.existing(groupId, memberId)
    if (session.epoch !== epoch) throw new ApiError('INVALID_SHARE_SESSION_EPOCH')
    session.advance()
    return session
  }

  existing(groupId: string, memberId: string): ShareSession {
    const session = this.get(groupId, memberId)
    if (session === undefined) throw new ApiError('SHARE_SESSION_NOT_FOUND')
    return session
  }

  remove(session: ShareSession): void {
    const name = nameOf(session.groupId, session.memberId)
    if (this.#sessions.get(name) !== session) return
    this.#sessions.delete(name)
    const known = this.#byConnection.get(session.connectionId)
    if (known !== undefined) known.isStale = true
  }

  #disconnected(connectionId: number): void {
    const known = this.#byConnection.get(connectionId)
    this.#byConnection.delete(connectionId)
    if (known === undefined) return
    const { session, isStale } = known
    if (!isStale) {
      this.remove(session)
      this.#listener.memberLeft(session)
    }
    const { groupId } = session
    const isLeft = [...this.#sessions.values()].some((each) => each.groupId === groupId)
    if (!isLeft) this.#listener.groupEmptied(groupId)
  }
}

function nameOf(groupId: string, memberId: string): string {
  return `${groupId}\0${memberId}`
}
