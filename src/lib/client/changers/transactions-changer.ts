import { FailedError, KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { TransactionsView } from '../../model/transactions.ts'
import type { EndedTransaction, TransactionsChanger } from '../../model/transactions-changer.ts'
import { writeTxnMarkers } from '../../protocol/apis/write-txn-markers.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'

export function transactionsChanger(cluster: Cluster, view: TransactionsView): TransactionsChanger {
  return { view, abort: (transactions) => abort(cluster, transactions) }
}

/** A partition takes one marker at a time: the second of two that hang there is written after the first. */
async function abort(cluster: Cluster, transactions: readonly EndedTransaction[]): Promise<Outcome<null>[]> {
  const outcomes = new Map<EndedTransaction, null | KtoolError>()
  for (let open = [...transactions]; open.length > 0; open = open.filter((each) => !outcomes.has(each))) {
    const first = new Map(open.toReversed().map((each) => [partitionName(each), each]))
    const told = await askLeaders(cluster, [...first.values()], (connection, own) =>
      writeMarkers(cluster, connection, own),
    )
    for (const [key, each] of first) {
      const answer = told.get(key)
      outcomes.set(each, answer instanceof KtoolError ? answer : answer === undefined ? leftOut(each) : null)
    }
  }
  return transactions.map((each) => ({ item: partitionName(each), outcome: outcomes.get(each) ?? null }))
}

async function writeMarkers(
  cluster: Cluster,
  connection: Connection,
  own: readonly EndedTransaction[],
): Promise<Map<string, true | Refusal>> {
  const markers = own.map(({ topic, partition, producerId, producerEpoch, coordinatorEpoch }) => ({
    producerId: BigInt(producerId),
    producerEpoch,
    transactionResult: false,
    topics: [{ name: topic, partitionIndexes: [partition] }],
    // No coordinator has ended one of this producer there: then the first one's epoch will do.
    coordinatorEpoch: coordinatorEpoch ?? 0,
  }))
  const answer = await cluster.askOf(connection, writeTxnMarkers, { markers })
  return new Map(
    answer.markers.flatMap(({ topics }) =>
      topics.flatMap(({ name, partitions }) =>
        partitions.map(
          ({ partitionIndex, errorCode }) =>
            [
              partitionName({ topic: name, partition: partitionIndex }),
              orRefusal(errorCode, () => true as const),
            ] as const,
        ),
      ),
    ),
  )
}

function leftOut(at: EndedTransaction): FailedError {
  return new FailedError('not-answered', `the broker said nothing of ${partitionName(at)}`)
}
