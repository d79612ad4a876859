import { ApiError } from '../../api-error.ts'
import { fenced } from './end-transaction.ts'
import {
  isEnding,
  isExhausted,
  moved,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  noPartitions,
  type ProducerIdentity,
  type Transaction,
} from './transaction.ts'
import type { TransactionWorld } from './transaction-world.ts'

export interface InitialiseWish {
  readonly transactionalId: string
  readonly timeoutMs: number
  /** What a producer that goes on after an error believes to be (KIP-360). */
  readonly expected: ProducerIdentity | null
}

/**
 * What InitProducerId makes of a transactional id: a producer of its own, to which no older one is a rival. An
 * open transaction is aborted first, and the producer asks again (`isFence`).
 */
export function initialise(
  known: Transaction | undefined,
  wish: InitialiseWish,
  world: TransactionWorld,
): { readonly next: Transaction; readonly isFence: boolean } {
  const { expected } = wish
  if (known === undefined) return { next: first(wish, world), isFence: false }
  if (isEnding(known)) throw new ApiError('CONCURRENT_TRANSACTIONS')
  if (expected !== null && !isSameProducer(known, expected)) throw new ApiError('PRODUCER_FENCED')
  if (known.state === 'Ongoing') return { next: fenced(known, world), isFence: true }
  return { next: renewed(known, wish, world), isFence: false }
}

function first({ transactionalId, timeoutMs }: InitialiseWish, world: TransactionWorld): Transaction {
  const producerId = world.newProducerId()
  return {
    transactionalId,
    producerId,
    previousProducerId: producerId,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: 0,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs,
    state: 'Empty',
    partitions: noPartitions,
    startMs: -1,
    updateMs: world.nowMs,
    clientVersion: 0,
  }
}

/** The one before counts where its epochs were used up: the answer that named the new one may have been lost. */
function isSameProducer(known: Transaction, { producerId, producerEpoch }: ProducerIdentity): boolean {
  if (producerId === known.producerId) return true
  return producerId === known.previousProducerId && isExhausted(producerEpoch)
}

function renewed(known: Transaction, wish: InitialiseWish, world: TransactionWorld): Transaction {
  const { expected, timeoutMs } = wish
  const identity = nextIdentity(known, expected?.producerEpoch ?? null, world)
  return moved(known, {
    state: 'Empty',
    ...identity,
    timeoutMs,
    partitions: noPartitions,
    startMs: -1,
    updateMs: world.nowMs,
  })
}

function nextIdentity(
  known: Transaction,
  expectedEpoch: number | null,
  world: TransactionWorld,
): Pick<Transaction, 'producerId' | 'producerEpoch' | 'lastProducerEpoch'> {
  const { producerId, producerEpoch, lastProducerEpoch } = known
  const isCurrent = expectedEpoch === null || expectedEpoch === producerEpoch
  // Where somebody starts anew, no producer of before may take itself for one that only missed an answer.
  const remembered = expectedEpoch === null ? NO_PRODUCER_EPOCH : producerEpoch
  if (isCurrent && isExhausted(producerEpoch)) {
    return { producerId: world.newProducerId(), producerEpoch: 0, lastProducerEpoch: remembered }
  }
  if (isCurrent) return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch: remembered }
  if (expectedEpoch === lastProducerEpoch) return { producerId, producerEpoch, lastProducerEpoch }
  throw new ApiError('PRODUCER_FENCED')
}
