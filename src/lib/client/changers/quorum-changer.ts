import { FailedError, type KtoolError } from '../../errors.ts'
import {
  type QuorumChanger,
  staticQuorum,
  type VoterEndpoint,
  type VoterId,
} from '../../model/quorum-changer.ts'
import { addRaftVoter } from '../../protocol/apis/add-raft-voter.ts'
import { removeRaftVoter } from '../../protocol/apis/remove-raft-voter.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'

/** Any broker passes it on to the leader of the quorum. */
export function quorumChanger(cluster: Cluster): QuorumChanger {
  return {
    addVoter: (voter, endpoints) => add(cluster, voter, endpoints),
    removeVoter: (voter) => remove(cluster, voter),
  }
}

async function add(cluster: Cluster, voter: VoterId, endpoints: readonly VoterEndpoint[]): Promise<void> {
  const question = {
    clusterId: (await cluster.nodes()).clusterId,
    timeoutMs: cluster.deadline.patienceMs(),
    voterId: voter.node,
    voterDirectoryId: voter.directoryId,
    listeners: endpoints.map(({ listener, host, port }) => ({ name: listener, host, port })),
  }
  const { errorCode, errorMessage } = await askController(cluster, addRaftVoter, question, codesOf)
  if (errorCode === errorCodes.REQUEST_TIMED_OUT) throw notReached(voter, endpoints, errorMessage)
  if (errorCode !== 0) throw refusal(errorCode, errorMessage)
}

async function remove(cluster: Cluster, { node, directoryId }: VoterId): Promise<void> {
  const { clusterId } = await cluster.nodes()
  const question = { clusterId, voterId: node, voterDirectoryId: directoryId }
  const { errorCode, errorMessage } = await askController(cluster, removeRaftVoter, question, codesOf)
  if (errorCode !== 0) throw refusal(errorCode, errorMessage)
}

/** The leader asks it who it is, and waits until it has caught up. */
function notReached(
  { node }: VoterId,
  endpoints: readonly VoterEndpoint[],
  words: string | null,
): KtoolError {
  const where = endpoints.map(({ host, port }) => `${host}:${port}`).join(', ')
  return new FailedError(
    'voter-not-reached',
    `the leader of the quorum did not reach node ${node} at ${where}`,
    {
      hint: `see whether it listens there, and whether ktool cluster quorum shows it close behind; Kafka says: ${words}`,
      details: { error: 'REQUEST_TIMED_OUT', words },
    },
  )
}

function codesOf({ errorCode }: { readonly errorCode: number }): number[] {
  return [errorCode]
}

/** A leader whose voters stand in files says that it does not support the version. */
function refusal(errorCode: number, words: string | null): KtoolError {
  return errorCode === errorCodes.UNSUPPORTED_VERSION ? staticQuorum() : brokerError(errorCode, words)
}
