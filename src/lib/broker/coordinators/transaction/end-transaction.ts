import { ApiError } from '../../api-error.ts'
import {
  isEnding,
  isExhausted,
  LAST_USABLE_EPOCH,
  moved,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  noPartitions,
  type ProducerIdentity,
  raisesEpoch,
  type Transaction,
} from './transaction.ts'
import type { TransactionWorld } from './transaction-world.ts'

export interface EndWish extends ProducerIdentity {
  readonly isCommit: boolean
  /** `transaction.version` that the request speaks of. */
  readonly clientVersion: number
}

/** What EndTxn does: a decision that is written before any marker is. Null where it was done already. */
export function ended(
  known: Transaction | undefined,
  wish: EndWish,
  world: TransactionWorld,
): Transaction | null {
  return raisesEpoch(wish.clientVersion) ? endedRaising(known, wish, world) : endedKeeping(known, wish, world)
}

/** The epoch stays, so that a retry cannot be told from the end of another transaction. */
function endedKeeping(
  known: Transaction | undefined,
  wish: EndWish,
  world: TransactionWorld,
): Transaction | null {
  if (known === undefined || known.producerId !== wish.producerId) {
    throw new ApiError('INVALID_PRODUCER_ID_MAPPING')
  }
  if (known.producerEpoch !== wish.producerEpoch) throw new ApiError('PRODUCER_FENCED')
  if (isEnding(known)) throw new ApiError('CONCURRENT_TRANSACTIONS')
  if (known.state === 'Ongoing') return prepared(known, wish, world)
  if (known.state === completeState(wish.isCommit)) return null
  throw new ApiError('INVALID_TXN_STATE')
}

/**
 * KIP-890: the epoch goes up with each transaction. The epoch below is that of a producer that missed the answer,
 * the same epoch that of its next transaction, to which it has added nothing yet: that may be aborted.
 */
function endedRaising(
  known: Transaction | undefined,
  wish: EndWish,
  world: TransactionWorld,
): Transaction | null {
  if (known === undefined) throw new ApiError('INVALID_PRODUCER_ID_MAPPING')
  // Before all else: the producer may speak of the id that it is about to be given.
  if (isEnding(known)) throw new ApiError('CONCURRENT_TRANSACTIONS')
  const missedRotation = hasMissedRotation(known, wish)
  if (known.producerId !== wish.producerId && !missedRotation) {
    throw new ApiError('INVALID_PRODUCER_ID_MAPPING')
  }
  const isRetry = missedRotation || wish.producerEpoch === known.producerEpoch - 1
  const isDecided = known.state === 'CompleteCommit' || known.state === 'CompleteAbort'
  if (known.producerEpoch !== wish.producerEpoch && !(isRetry && isDecided)) {
    throw new ApiError('PRODUCER_FENCED')
  }
  if (known.state === 'Ongoing') return prepared(known, wish, world)
  if (isRetry && known.state === completeState(wish.isCommit)) return null
  if (isRetry || wish.isCommit) throw new ApiError('INVALID_TXN_STATE')
  return prepared({ ...known, startMs: world.nowMs }, wish, world)
}

/** Its epochs were used up, and the answer that told it its new id was lost. */
function hasMissedRotation(known: Transaction, { producerId, producerEpoch }: ProducerIdentity): boolean {
  return (
    known.previousProducerId === producerId &&
    producerEpoch === LAST_USABLE_EPOCH &&
    known.producerEpoch === 0
  )
}

function completeState(isCommit: boolean): 'CompleteCommit' | 'CompleteAbort' {
  return isCommit ? 'CompleteCommit' : 'CompleteAbort'
}

function prepared(
  known: Transaction,
  { isCommit, clientVersion }: Pick<EndWish, 'isCommit' | 'clientVersion'>,
  world: TransactionWorld,
): Transaction {
  const { producerEpoch, lastProducerEpoch } = known
  return moved(known, {
    state: isCommit ? 'PrepareCommit' : 'PrepareAbort',
    updateMs: world.nowMs,
    clientVersion,
    ...(raisesEpoch(clientVersion)
      ? raised(known, world)
      : { producerEpoch, lastProducerEpoch, nextProducerId: NO_PRODUCER_ID }),
  })
}

const HIGHEST_EPOCH = 32_767

function raised(
  { producerEpoch }: Transaction,
  world: TransactionWorld,
): Pick<Transaction, 'producerEpoch' | 'lastProducerEpoch' | 'nextProducerId'> {
  return {
    producerEpoch: Math.min(producerEpoch + 1, HIGHEST_EPOCH),
    lastProducerEpoch: producerEpoch,
    nextProducerId: isExhausted(producerEpoch) ? world.newProducerId() : NO_PRODUCER_ID,
  }
}

/** An open transaction aborted from above: its producer's epoch is one too low from now on. */
export function fenced(known: Transaction, world: TransactionWorld): Transaction {
  const abort = { isCommit: false, clientVersion: world.serverVersion }
  if (raisesEpoch(world.serverVersion)) return prepared(known, abort, world)
  const producerEpoch = Math.min(known.producerEpoch + 1, HIGHEST_EPOCH)
  return prepared({ ...known, producerEpoch, lastProducerEpoch: NO_PRODUCER_EPOCH }, abort, world)
}

/** Its markers are written. */
export function completed(known: Transaction, nowMs: number): Transaction {
  const isRotated = raisesEpoch(known.clientVersion) && known.nextProducerId !== NO_PRODUCER_ID
  return moved(known, {
    state: completeState(known.state === 'PrepareCommit'),
    ...(isRotated && { producerId: known.nextProducerId, producerEpoch: 0 }),
    nextProducerId: NO_PRODUCER_ID,
    partitions: noPartitions,
    updateMs: nowMs,
  })
}

export function isTimedOut({ state, startMs, timeoutMs }: Transaction, nowMs: number): boolean {
  return state === 'Ongoing' && startMs + timeoutMs < nowMs
}
