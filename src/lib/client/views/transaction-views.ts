import type { Int64 } from '../../bytes/int64.ts'
import { FailedError, KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { isError, itemsIn, type Outcome } from '../../model/outcome.ts'
import { byPartition } from '../../model/partitions.ts'
import type {
  OpenTransaction,
  PartitionProducer,
  Transaction,
  TransactionsView,
} from '../../model/transactions.ts'
import { nearest } from '../../values/nearest.ts'
import type { Cluster } from '../cluster.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'
import { ofTopic } from '../topics/of-topic.ts'
import { describeOwnTransactions } from '../transactions/describe-transactions.ts'
import { allTransactions } from '../transactions/list-transactions.ts'
import { partitionProducers } from '../transactions/partition-producers.ts'

/** The longest transaction that brokers allow, unless they are set otherwise (transaction.max.timeout.ms). */
const LONGEST_TIMEOUT_MS = 15 * 60_000

/** Transactions as their coordinators and the leaders of partitions know them. */
export function liveTransactions(cluster: Cluster): TransactionsView {
  return {
    settledMs: LONGEST_TIMEOUT_MS,
    list: (filter = {}) => allTransactions(cluster, filter),
    describe: (ids) => describe(cluster, ids),
    open: async (topics) => {
      const { partitions, failures } = await partitionsOf(cluster, topics)
      return [...(await openIn(cluster, partitions)), ...failures]
    },
    openIn: (partitions) => openIn(cluster, partitions),
    producers: (partitions) => partitionProducers(cluster, partitions),
  }
}

async function describe(cluster: Cluster, ids: readonly string[]): Promise<Outcome<Transaction>[]> {
  const told = await askCoordinators<Transaction>(
    cluster,
    coordinated.transaction,
    ids,
    (connection, own, id) => describeOwnTransactions(cluster, connection, own, id),
  )
  const found = ids.map((item) => ({ item, outcome: told.get(item) }))
  if (!found.some(({ outcome }) => isAbsence(outcome))) return found.map(orNotFound([]))
  const known = await allTransactions(cluster, {})
  return found.map(orNotFound(itemsIn(known)))
}

function orNotFound(names: readonly string[]) {
  return ({ item, outcome }: { item: string; outcome: Transaction | KtoolError | undefined }) => ({
    item,
    outcome: outcome === undefined || isAbsence(outcome) ? notFound(item, names) : outcome,
  })
}

function isAbsence(outcome: unknown): boolean {
  return outcome instanceof KtoolError && outcome.code === 'transactional-id-not-found'
}

function notFound(transactionalId: string, names: readonly string[]): FailedError {
  const near = nearest(transactionalId, names).map((name) => `"${name}"`)
  const meant = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `
  return new FailedError('transactional-id-not-found', `there is no transactional id "${transactionalId}"`, {
    hint: `${meant}ktool txns list names them all; one that is not used for a week is forgotten`,
    details: { transactionalId },
  })
}

async function partitionsOf(cluster: Cluster, topics: readonly string[] | undefined) {
  const known = await topicMetadata(cluster, topics)
  const partitions: TopicPartition[] = []
  const failures: { item: string; outcome: KtoolError }[] = []
  for (const [topic, found] of known) {
    if (isError(found)) failures.push({ item: topic, outcome: ofTopic(topic, found) })
    else
      for (const { partitionIndex } of found.partitions) partitions.push({ topic, partition: partitionIndex })
  }
  partitions.sort(byPartition)
  return { partitions, failures }
}

async function openIn(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<Outcome<OpenTransaction[]>[]> {
  const producers = await partitionProducers(cluster, partitions)
  return producers.map(({ item, outcome }) => ({
    item,
    outcome: isError(outcome) ? outcome : openOf(outcome),
  }))
}

type Writing = PartitionProducer & { readonly firstOffset: Int64 }

/** The first of them is where the last stable offset is. */
function openOf(producers: readonly PartitionProducer[]): OpenTransaction[] {
  const open = producers
    .filter((each): each is Writing => each.firstOffset !== null)
    .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const lastStable = open[0]?.firstOffset ?? 0
  return open.map(({ lastSequence: _, ...each }) => ({ ...each, startTimestampMs: null, lastStable }))
}
