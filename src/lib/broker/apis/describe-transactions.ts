import type { ResponseOf } from '../../protocol/api.ts'
import { describeTransactions as describeTransactionsApi } from '../../protocol/apis/describe-transactions.ts'
import { ApiError } from '../api-error.ts'
import { eachPartition, type TransactionPartitions } from '../coordinators/transaction/transaction.ts'
import { inJavaMapOrder, topicPartitionHash } from '../java-map-order.ts'
import { type Asking, authorization, mustBeAuthorized } from './authorize.ts'
import { handler } from './handler.ts'

type Described = NonNullable<ResponseOf<typeof describeTransactionsApi>['transactionStates']>[number]

export const describeTransactions = handler(describeTransactionsApi, ({ transactionalIds }, context) => ({
  transactionStates: transactionalIds.map((transactionalId) => described(transactionalId, context)),
}))

function described(transactionalId: string, context: Asking): Described {
  try {
    mustBeAuthorized(context, 'DESCRIBE', 'TRANSACTIONAL_ID', transactionalId)
    if (transactionalId === '') throw new ApiError('INVALID_REQUEST')
    const transaction = context.node.transactions.describe(transactionalId)
    const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC')
    return {
      transactionalId,
      transactionState: transaction.state,
      transactionTimeoutMs: transaction.timeoutMs,
      transactionStartTimeMs: BigInt(transaction.startMs),
      producerId: BigInt(transaction.producerId),
      producerEpoch: transaction.producerEpoch,
      topics: topicsOf(transaction.partitions).filter(({ topic }) => mayDescribe(topic)),
    }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, transactionalId }
  }
}

/** Kafka keeps them in a set, and tells them in its order. */
function topicsOf(partitions: TransactionPartitions): { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>()
  const hashOf = ([topic, partition]: [string, number]) => topicPartitionHash(topic, partition)
  for (const [topic, partition] of inJavaMapOrder([...eachPartition(partitions)], hashOf)) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition])
  }
  return [...topics].map(([topic, numbers]) => ({ topic, partitions: numbers }))
}
