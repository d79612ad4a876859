import { FailedError, KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type {
  OpenTransaction,
  PartitionProducer,
  Transaction,
  TransactionsView,
} from '../../model/transactions.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { ChosenPartition, LogDirectories } from '../cluster/log-directories.ts'
import { coordinatorTopic } from '../coordinators/coordinator-topic.ts'
import type { PartitionState } from '../state/partition-state.ts'
import { readTransactions } from '../transactions/read-transactions.ts'
import type { BorrowedCopies } from './borrowed-copies.ts'
import { chosenState } from './chosen-state.ts'
import { partitionNotHere, partitionNumbers, topicNotFound } from './known-partitions.ts'

/** A live directory is not read in one moment: what began or ended just now may be known in one place only. */
const SETTLED_MS = 60_000
const TRANSACTIONS_TOPIC = '__transaction_state'

/** Transactions as `__transaction_state` has them last, and as the partitions themselves have them open. */
export function diskTransactions(
  disk: ReadableDisk,
  directories: LogDirectories,
  warn: (sentence: string) => void,
  borrowed: BorrowedCopies,
): TransactionsView {
  const log = coordinatorTopic(directories, TRANSACTIONS_TOPIC)
  const readAll = (places: readonly ChosenPartition[]) => {
    for (const place of places) borrowed.add(place)
    const read = places.map(({ folder }) => readTransactions(disk, folder))
    const transactions = new Map(read.flatMap(({ transactions }) => [...transactions]))
    return { transactions, problems: read.flatMap(({ problems }) => problems) }
  }
  return {
    settledMs: SETTLED_MS,
    async list() {
      const { transactions, problems } = readAll(log.here)
      const found: Outcome<Transaction>[] = [...transactions]
        .map(([item, outcome]) => ({ item, outcome }))
        .sort((a, b) => (a.item < b.item ? -1 : 1))
      const incomplete = log.incomplete('transactional ids')
      const missing = [...problems, ...(incomplete === null ? [] : [incomplete])]
      return [...found, ...missing.map((outcome) => ({ item: log.topic, outcome }))]
    },
    async describe(transactionalIds) {
      const places = new Set(transactionalIds.flatMap((id) => log.placesOf(id)))
      const { transactions: found, problems } = readAll([...places])
      for (const { message } of problems) warn(message)
      return transactionalIds.map((item) => ({
        item,
        outcome: found.get(item) ?? log.outOfReach(item) ?? problems[0] ?? notFound(item),
      }))
    },
    async open(topics) {
      if (topics !== undefined) return topics.flatMap((topic) => openOf(disk, directories, topic))
      const here = directories.topics().flatMap((topic) => directories.partitions(topic))
      return here.map((chosen) => openIn(disk, chosen))
    },
    openIn: async (partitions) =>
      partitions.map((at) => ofPartition(directories, at, (chosen) => openIn(disk, chosen))),
    producers: async (partitions) =>
      partitions.map((at) => ofPartition(directories, at, (chosen) => producersIn(disk, chosen))),
  }
}

function ofPartition<T>(
  directories: LogDirectories,
  { topic, partition }: TopicPartition,
  of: (chosen: ChosenPartition) => Outcome<T>,
): Outcome<T> {
  const chosen = directories.partition(topic, partition)
  if (chosen !== undefined) return of(chosen)
  return {
    item: partitionName({ topic, partition }),
    outcome: partitionNotHere(directories, topic, partition),
  }
}

/** Of a topic that was named the partitions that lie elsewhere are missed. */
function openOf(
  disk: ReadableDisk,
  directories: LogDirectories,
  topic: string,
): Outcome<OpenTransaction[]>[] {
  const numbers = partitionNumbers(directories, topic)
  if (numbers === undefined) return [{ item: topic, outcome: topicNotFound(directories, topic) }]
  return numbers.map((partition) =>
    ofPartition(directories, { topic, partition }, (chosen) => openIn(disk, chosen)),
  )
}

function openIn(disk: ReadableDisk, chosen: ChosenPartition): Outcome<OpenTransaction[]> {
  const { topic, partition } = chosen
  return stateOf(disk, chosen, ({ openTransactions, lastStableOffset }) =>
    openTransactions.map((open) => ({
      topic,
      partition,
      producerId: open.producerId,
      producerEpoch: open.producerEpoch,
      coordinatorEpoch: open.coordinatorEpoch,
      firstOffset: open.firstOffset,
      startTimestampMs: open.startTimestamp,
      lastTimestampMs: open.lastTimestamp < 0 ? null : open.lastTimestamp,
      lastStable: lastStableOffset,
    })),
  )
}

function producersIn(disk: ReadableDisk, chosen: ChosenPartition): Outcome<PartitionProducer[]> {
  const { topic, partition } = chosen
  return stateOf(disk, chosen, ({ producers }) =>
    producers.map(({ producerId, producerEpoch, lastSequence, lastTimestamp, ...rest }) => ({
      topic,
      partition,
      producerId,
      producerEpoch,
      lastSequence: lastSequence < 0 ? null : lastSequence,
      lastTimestampMs: lastTimestamp < 0 ? null : lastTimestamp,
      coordinatorEpoch: rest.coordinatorEpoch,
      firstOffset: rest.currentTransactionStartOffset,
    })),
  )
}

function stateOf<T>(
  disk: ReadableDisk,
  chosen: ChosenPartition,
  of: (state: PartitionState) => T,
): Outcome<T> {
  const item = partitionName(chosen)
  try {
    return { item, outcome: of(chosenState(disk, chosen)) }
  } catch (cause) {
    if (cause instanceof KtoolError) return { item, outcome: cause }
    throw cause
  }
}

function notFound(transactionalId: string): FailedError {
  return new FailedError('transactional-id-not-found', `there is no transactional id "${transactionalId}"`, {
    hint: 'ktool txns list names them all; one that is not used for a week is forgotten',
  })
}
