import type { ErrorName } from '../../../protocol/error-codes.ts'

export interface JoinAnswer {
  readonly error: ErrorName
  readonly memberId: string
  readonly generation: number
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly leader: string
  readonly skipAssignment: boolean
  /** For the leader alone. */
  readonly members: readonly JoinedMember[]
}

export interface JoinedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly metadata: Buffer
}

export interface SyncAnswer {
  readonly error: ErrorName
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly assignment: Buffer
}

export function refusedJoin(error: ErrorName, memberId: string): JoinAnswer {
  const nobody = { generation: -1, protocolType: null, protocol: null, leader: '' }
  return { error, memberId, ...nobody, skipAssignment: false, members: [] }
}

export function refusedSync(error: ErrorName): SyncAnswer {
  return { error, protocolType: null, protocol: null, assignment: Buffer.alloc(0) }
}
