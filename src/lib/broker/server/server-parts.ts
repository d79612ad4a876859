import type { Clock } from '../../ports/clock.ts'
import type { FaultRules } from '../faults/fault-rules.ts'
import type { RequestJournal } from '../journal/request-journal.ts'
import type { Node } from '../node.ts'
import type { Anteroom } from './anteroom.ts'
import type { Dispatch } from './dispatch.ts'
import type { RefusalLog } from './refusal-log.ts'
import type { Request } from './request.ts'
import type { RoomPool } from './room-pool.ts'
import type { Traffic } from './traffic.ts'
import type { WriterPool } from './writer-pool.ts'

/** What all connections of a server have in common. */
export interface ServerParts {
  readonly clock: Clock
  readonly dispatch: Dispatch
  readonly faults: FaultRules
  readonly traffic: Traffic
  /** Nothing unless somebody wants one. */
  readonly journal: RequestJournal | undefined
  readonly refusals: RefusalLog
  readonly anteroom: Anteroom
  readonly writers: WriterPool
  /** Where bytes of a connection arrive that holds no part of a request: read at once, so one is enough for all. */
  readonly arrivals: Buffer
  /** Parts of requests, and requests that wait: the memory that clients can make grow. */
  readonly requestRooms: RoomPool
  readonly answerRooms: RoomPool
  readonly largestRequestBytes: number
  /** False before the node has opened, and once it stops. */
  isServing(): boolean
  node(): Node
  failed(request: Request, error: unknown): void
  /** The connection of this number is no more. */
  left(id: number): void
}
