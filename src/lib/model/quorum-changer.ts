import { FailedError, type KtoolError } from '../errors.ts'

/** A controller that has a vote: its id, and that of the directory that its log lies in. */
export interface VoterId {
  readonly node: number
  readonly directoryId: string
}

export interface VoterEndpoint {
  readonly listener: string
  readonly host: string
  readonly port: number
}

export interface QuorumChanger {
  /** Throws what the leader of the quorum says against it. */
  addVoter(voter: VoterId, endpoints: readonly VoterEndpoint[]): Promise<void>
  removeVoter(voter: VoterId): Promise<void>
}

/** Voters that nobody can change while the quorum runs: it does not keep them itself. */
export function staticQuorum(): KtoolError {
  return new FailedError(
    'static-quorum',
    'the voters of this quorum stand in controller.quorum.voters of its nodes, and cannot be changed while it runs',
    { hint: 'ktool cluster features set kraft.version=1 has the quorum keep them itself, from Kafka 3.9 on' },
  )
}
