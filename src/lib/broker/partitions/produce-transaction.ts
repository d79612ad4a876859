import type { ErrorName } from '../../protocol/error-codes.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { ApiError } from '../api-error.ts'
import type { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { Partition } from './partition.ts'
import type { ProduceEntry } from './produce-entry.ts'
import { hasProducer } from './producer-sequence.ts'

interface Entering {
  readonly transactionalId: string
  /** The client adds partitions by writing to them. */
  readonly mayAdd: boolean
  readonly knowsAbortable: boolean
  readonly transactions: Pick<TransactionCoordinator, 'enterPartitions'>
}

interface OpenEntry {
  readonly entry: ProduceEntry
  readonly batch: DefaultRecordBatch
  readonly partition: Partition
}

/**
 * Partitions that have no records of the transaction yet must be known to its coordinator first: it writes the
 * markers at the end. A promise where that is not decided at once; the batches were copied then.
 */
export function enterTransaction(
  entries: readonly ProduceEntry[],
  entering: Entering,
): Promise<void> | undefined {
  const transactional = entries.flatMap((entry) => transactionalEntry(entry))
  const [first] = transactional
  if (first === undefined) return undefined
  const { producerId, producerEpoch } = first.batch
  const isOther = ({ batch }: OpenEntry) =>
    batch.producerId !== producerId || batch.producerEpoch !== producerEpoch
  if (transactional.some(isOther)) {
    const message = 'Transactional records contained more than one producer ID'
    for (const entry of entries) entry.refuse('INVALID_PRODUCER_ID_MAPPING', message)
    return undefined
  }
  const newcomers = transactional.filter(isNewcomer)
  for (const { batch, partition } of newcomers) partition.beginTransaction(batch, entering.mayAdd)
  // Looked up one by one, since each has an answer of its own; added all at once.
  const groups = entering.mayAdd
    ? [newcomers].filter(({ length }) => length > 0)
    : newcomers.map((one) => [one])
  const waits = groups.flatMap((group) => enter(group, first.batch, entering) ?? [])
  return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined)
}

function transactionalEntry(entry: ProduceEntry): OpenEntry[] {
  const { batch, partition } = entry
  if (!entry.isOpen || batch === undefined || partition === undefined) return []
  return batch.isTransactional && hasProducer(batch) ? [{ entry, batch, partition }] : []
}

/** Its producer has no open transaction there. One whose epoch is over is refused before anybody is asked. */
function isNewcomer({ entry, batch, partition }: OpenEntry): boolean {
  const { producerId, producerEpoch } = batch
  try {
    return !partition.hasOpenTransaction({ producerId: Number(producerId), producerEpoch })
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    entry.refuse(cause.error, null)
    return false
  }
}

function enter(
  group: readonly OpenEntry[],
  { producerId, producerEpoch }: DefaultRecordBatch,
  { transactionalId, mayAdd, knowsAbortable, transactions }: Entering,
): Promise<void> | undefined {
  const refuseAll = (cause: unknown) => {
    if (!(cause instanceof ApiError)) throw cause
    const isTooNew = cause.error === 'TRANSACTION_ABORTABLE' && !knowsAbortable
    const [error, message] = asProduceSays(isTooNew ? 'INVALID_TXN_STATE' : cause.error, mayAdd)
    for (const { entry } of group) entry.refuse(error, message)
  }
  try {
    const partitions = group.map(({ partition }) => partition)
    const wait = transactions.enterPartitions({
      ...{ transactionalId, producerId: Number(producerId), producerEpoch },
      ...{ partitions, mayAdd },
    })
    if (wait === undefined) return undefined
    for (const { entry, batch } of group) entry.batch = new DefaultRecordBatch(Buffer.from(batch.raw), 0, 0)
    return wait.catch(refuseAll)
  } catch (cause) {
    refuseAll(cause)
    return undefined
  }
}

/** Old producers take some answers of the coordinator for fatal; they retry after NOT_ENOUGH_REPLICAS. */
function asProduceSays(error: ErrorName, mayAdd: boolean): [error: ErrorName, message: string | null] {
  // This node leads all of the coordinator's partitions, if there are any.
  const underlying = error === 'NOT_COORDINATOR' ? 'COORDINATOR_NOT_AVAILABLE' : error
  const unable = `Unable to verify the partition has been added to the transaction. Underlying error: ${underlying}`
  switch (error) {
    case 'INVALID_TXN_STATE':
      return [error, 'Partition was not added to the transaction']
    case 'NETWORK_EXCEPTION':
    case 'COORDINATOR_LOAD_IN_PROGRESS':
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR':
      return ['NOT_ENOUGH_REPLICAS', unable]
    case 'CONCURRENT_TRANSACTIONS':
      return [mayAdd ? error : 'NOT_ENOUGH_REPLICAS', unable]
    case 'PRODUCER_FENCED':
      return ['INVALID_PRODUCER_EPOCH', null]
    default:
      return [error, null]
  }
}
