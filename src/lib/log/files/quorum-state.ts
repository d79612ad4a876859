import { DataError } from '../../errors.ts'

/** What a node last knew of the quorum's leadership, from `quorum-state` beside its metadata log. */
export interface QuorumState {
  /** −1 where an election was under way. */
  readonly leaderId: number
  readonly leaderEpoch: number
}

export function parseQuorumState(bytes: Buffer): QuorumState {
  const state = parsed(bytes.toString('utf8'))
  const { leaderId, leaderEpoch } = state
  if (Number.isInteger(leaderId) && Number.isInteger(leaderEpoch)) {
    return { leaderId: Number(leaderId), leaderEpoch: Number(leaderEpoch) }
  }
  throw malformed('it names no leader and epoch')
}

function parsed(text: string): { leaderId?: unknown; leaderEpoch?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below: what stands there may be anything.
  }
  throw malformed('it is no JSON object')
}

function malformed(finding: string): DataError {
  return new DataError('corrupt-quorum-state', `quorum-state cannot be believed: ${finding}`)
}
