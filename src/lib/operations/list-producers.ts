import type { OffsetsView } from '../model/offsets.ts'
import { failuresIn, foundIn, type ItemFailure } from '../model/outcome.ts'
import type { PartitionProducer, TransactionsView } from '../model/transactions.ts'
import type { TopicPartitions } from '../values/partitions.ts'
import { partitionsNamed } from './get-offsets.ts'

export interface ListedProducers {
  readonly rows: readonly PartitionProducer[]
  readonly failures: readonly ItemFailure[]
}

/** Who writes to partitions, by what their leaders remember. */
export async function listProducers(
  views: { readonly offsets: OffsetsView; readonly transactions: TransactionsView },
  wanted: readonly TopicPartitions[],
): Promise<ListedProducers> {
  const named = await Promise.all(wanted.map((each) => partitionsNamed(views.offsets, each)))
  const told = await views.transactions.producers(named.flatMap(({ partitions }) => partitions))
  const failures = failuresIn(told)
  return {
    rows: foundIn(told).flat(),
    failures: [...named.flatMap(({ failures }) => failures), ...failures],
  }
}
