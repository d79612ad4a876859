import { KtoolError } from '../../errors.ts'
import type { BrokerState } from '../../model/cluster-state.ts'
import { describeCluster } from '../../protocol/apis/describe-cluster.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { everyBroker } from '../routing/every-broker.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'
import { askVersions } from './ask-versions.ts'
import { quorumState } from './quorum.ts'
import { guessRelease } from './release-guess.ts'

/** Kafka 4.0 and later tell of brokers that have registered and are fenced. */
const WITH_FENCED = 2

export async function brokerStates(cluster: Cluster): Promise<readonly BrokerState[]> {
  const [known, controller, counts, asked] = await Promise.all([
    registered(cluster),
    controllerOf(cluster),
    countReplicas(cluster),
    everyBroker(cluster, async (connection) => guessRelease(await askVersions(cluster, connection))),
  ])
  const answers = new Map(asked.map(({ node, outcome }) => [node.id, outcome]))
  const ids = new Set([...known.keys(), ...answers.keys(), ...counts.keys()])
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const { host = null, port = null, rack = null, isFenced } = known.get(id) ?? {}
      const outcome = answers.get(id)
      return {
        id,
        host,
        port,
        rack,
        isController: id === controller,
        isFenced: isFenced ?? null,
        kafka: typeof outcome === 'string' ? outcome : null,
        ...(counts.get(id) ?? { leaderCount: 0, replicaCount: 0 }),
        error:
          outcome === undefined ? notThere(id, isFenced) : outcome instanceof KtoolError ? outcome : null,
      }
    })
}

interface Registered {
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly isFenced?: boolean
}

async function registered(cluster: Cluster): Promise<ReadonlyMap<number, Registered>> {
  const connection = await cluster.any()
  if (connection.versions.has(describeCluster, { min: WITH_FENCED })) {
    const question = { includeFencedBrokers: true }
    const answer = await cluster.askOf(connection, describeCluster, question, { min: WITH_FENCED })
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, answer.errorMessage)
    return new Map(answer.brokers.map(({ brokerId, ...each }) => [brokerId, each]))
  }
  const { brokers } = await cluster.nodes()
  return new Map(brokers.map((each) => [each.id, each]))
}

/** With KRaft brokers name any of them to clients, to have them ask it; who leads the quorum is another question. */
async function controllerOf(cluster: Cluster): Promise<number> {
  try {
    return (await quorumState(cluster)).leader
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return (await cluster.nodes()).controllerId
  }
}

interface Counts {
  readonly leaderCount: number
  readonly replicaCount: number
}

async function countReplicas(cluster: Cluster): Promise<ReadonlyMap<number, Counts>> {
  const counts = new Map<number, Counts>()
  const add = (id: number, leaders: number, replicas: number) => {
    const { leaderCount, replicaCount } = counts.get(id) ?? { leaderCount: 0, replicaCount: 0 }
    counts.set(id, { leaderCount: leaderCount + leaders, replicaCount: replicaCount + replicas })
  }
  for (const topic of (await topicMetadata(cluster, undefined)).values()) {
    if (topic instanceof KtoolError) continue
    for (const { leaderId, replicaNodes } of topic.partitions) {
      if (leaderId >= 0) add(leaderId, 1, 0)
      for (const id of replicaNodes) add(id, 0, 1)
    }
  }
  return counts
}

function notThere(id: number, isFenced = false): KtoolError {
  const why = isFenced
    ? 'is fenced: it has registered, and does not tell the controller that it lives'
    : 'is not there: it has replicas, and the cluster does not see it'
  return brokerError(errorCodes.BROKER_NOT_AVAILABLE, `broker ${id} ${why}`)
}
