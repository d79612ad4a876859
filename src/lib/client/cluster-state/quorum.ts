import { FailedError } from '../../errors.ts'
import type { QuorumReplica, QuorumState } from '../../model/cluster-state.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeQuorum } from '../../protocol/apis/describe-quorum.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { knownId } from '../known-id.ts'

type Answer = AnswerOf<typeof describeQuorum>
type Quorum = Answer['topics'][number]['partitions'][number]
type Replica = Quorum['currentVoters'][number]

const METADATA_TOPIC = '__cluster_metadata'

/** The metadata quorum, as its leader sees it; any broker passes the question on. */
export async function quorumState(cluster: Cluster): Promise<QuorumState> {
  const connection = await cluster.any()
  if (!connection.versions.has(describeQuorum)) throw noQuorum()
  const question = { topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }] }
  const answer = await cluster.askOf(connection, describeQuorum, question)
  if (answer.errorCode !== 0) throw brokerError(answer.errorCode, answer.errorMessage)
  const quorum = answer.topics[0]?.partitions[0]
  if (quorum === undefined) throw noQuorum()
  if (quorum.errorCode !== 0) throw brokerError(quorum.errorCode, quorum.errorMessage)
  return described(quorum, answer.nodes)
}

function described(quorum: Quorum, nodes: Answer['nodes']): QuorumState {
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = quorum
  const end = currentVoters.find(({ replicaId }) => replicaId === leaderId)?.logEndOffset ?? -1n
  const replica = (role: QuorumReplica['role'], each: Replica): QuorumReplica => ({
    node: each.replicaId,
    role,
    directoryId: knownId(each.replicaDirectoryId),
    listeners: nodes
      .filter(({ nodeId }) => nodeId === each.replicaId)
      .flatMap(({ listeners }) => listeners.map(({ name, host, port }) => `${name}://${host}:${port}`)),
    logEnd: known(each.logEndOffset),
    lag: end < 0n || each.logEndOffset < 0n ? null : end - each.logEndOffset,
    lastFetchMs: known(each.lastFetchTimestamp),
    lastCaughtUpMs: known(each.lastCaughtUpTimestamp),
  })
  return {
    leader: leaderId,
    leaderEpoch,
    highWatermark,
    replicas: [
      ...currentVoters.map((each) => replica(each.replicaId === leaderId ? 'Leader' : 'Follower', each)),
      ...observers.map((each) => replica('Observer', each)),
    ],
  }
}

function known(value: bigint): bigint | null {
  return value < 0n ? null : value
}

function noQuorum(): FailedError {
  return new FailedError('no-quorum', 'this cluster has no metadata quorum that its brokers tell of', {
    hint: 'Kafka has one since 3.3, where it runs without ZooKeeper',
  })
}
