import type { Cancel, Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import { ApiError } from '../../api-error.ts'
import { completed } from './end-transaction.ts'
import { eachPartition, isEnding, type Transaction, type TransactionPartitions } from './transaction.ts'
import type { TransactionShard, TransactionStore } from './transaction-shard.ts'

/** Where markers go. */
export interface TransactionStores {
  get(topic: string, partition: number): TransactionStore | undefined
}

export interface EndingFacts {
  readonly stores: TransactionStores
  readonly clock: Clock
  readonly log: LogSink
  serverVersion(): number
}

/**
 * Kafka answers EndTxn once the decision is written; markers follow by way of the network, and then that all is done.
 * A client that asks for the same again in between is told to wait. Here, too, the answer goes first. Markers follow at
 * once, since readers of what was committed wait for them; who begins the next transaction need not wait for the rest.
 */
export const COMPLETED_AFTER_MS = 20
const RETRY_AFTER_MS = 100

interface Ending {
  readonly shard: TransactionShard
  readonly transactionalId: string
  /** By topic and partition: those that have their marker, which may not be safe yet. */
  readonly marked: Map<string, TransactionStore>
  /** A partition has heard of a newer producer or coordinator: Kafka sends no markers any more, and never says that it is done. */
  isOvertaken: boolean
  cancel: Cancel
  /** While it is under way. */
  attempt: Promise<void> | null
}

/** Transactions that were decided and whose markers are not all written. */
export class TransactionEndings {
  readonly #facts: EndingFacts
  readonly #endings = new Map<string, Ending>()

  constructor(facts: EndingFacts) {
    this.#facts = facts
  }

  begin(shard: TransactionShard, transactionalId: string, completedAfterMs = 0): void {
    const ending: Ending = {
      ...{ shard, transactionalId, marked: new Map(), isOvertaken: false },
      ...{ cancel: () => {}, attempt: null },
    }
    this.#endings.get(transactionalId)?.cancel()
    this.#endings.set(transactionalId, ending)
    if (completedAfterMs === 0) this.#attemptIn(ending, 0)
    else ending.cancel = this.#facts.clock.after(0, () => this.#markFirst(ending, completedAfterMs))
  }

  /** Does it now, for one who waits. Resolves after the attempt, also where that did not succeed. */
  hurry(transactionalId: string): Promise<void> {
    const ending = this.#endings.get(transactionalId)
    return ending === undefined ? Promise.resolve() : this.#attempt(ending)
  }

  async hurryAll(): Promise<void> {
    await Promise.all([...this.#endings.values()].map((ending) => this.#attempt(ending)))
  }

  /** Without those partitions that have their marker: no record says so, in Kafka neither. */
  left(transaction: Transaction): Transaction {
    const marked = this.#endings.get(transaction.transactionalId)?.marked
    if (marked === undefined || marked.size === 0 || !isEnding(transaction)) return transaction
    return { ...transaction, partitions: without(transaction.partitions, marked) }
  }

  /** What is left is for the coordinator that reads the log next. */
  stop(): void {
    for (const { cancel } of this.#endings.values()) cancel()
    this.#endings.clear()
  }

  #markFirst(ending: Ending, completedAfterMs: number): void {
    this.#attemptIn(ending, completedAfterMs)
    // What fails now is tried again then, and told.
    this.#markAll(ending).catch(() => {})
  }

  #attemptIn(ending: Ending, delayMs: number): void {
    ending.cancel = this.#facts.clock.after(delayMs, () => void this.#attempt(ending))
  }

  #attempt(ending: Ending): Promise<void> {
    ending.cancel()
    ending.attempt ??= this.#finish(ending)
      .catch((cause: unknown) => this.#again(ending, cause))
      .finally(() => {
        ending.attempt = null
      })
    return ending.attempt
  }

  #again(ending: Ending, cause: unknown): void {
    const { transactionalId } = ending
    const reason = cause instanceof Error ? cause.message : String(cause)
    this.#facts.log.log('warn', 'a transaction cannot be ended yet', { transactionalId, reason })
    if (this.#isCurrent(ending)) this.#attemptIn(ending, RETRY_AFTER_MS)
  }

  #isCurrent(ending: Ending): boolean {
    return this.#endings.get(ending.transactionalId) === ending
  }

  /** The decision is safe before the first marker, the markers before it is said that all is done. */
  async #finish(ending: Ending): Promise<void> {
    const transaction = await this.#markAll(ending)
    if (!this.#isCurrent(ending) || ending.isOvertaken) return
    const { clock, serverVersion } = this.#facts
    if (transaction !== undefined) {
      ending.shard.write(completed(transaction, clock.nowMs()), serverVersion())
    }
    this.#drop(ending)
  }

  /** Nothing where there is nothing to end any more. */
  async #markAll(ending: Ending): Promise<Transaction | undefined> {
    const { shard, transactionalId } = ending
    await shard.durable()
    const transaction = shard.get(transactionalId)
    if (transaction === undefined || !isEnding(transaction)) return undefined
    if (!ending.isOvertaken) this.#mark(ending, transaction)
    await Promise.all([...ending.marked.values()].map((store) => store.durable()))
    return transaction
  }

  #drop(ending: Ending): void {
    if (this.#isCurrent(ending)) this.#endings.delete(ending.transactionalId)
  }

  #mark(ending: Ending, transaction: Transaction): void {
    for (const [topic, partition] of eachPartition(transaction.partitions)) {
      const place = `${topic}-${partition}`
      // A topic that was deleted meanwhile has no readers to be told.
      const store = this.#facts.stores.get(topic, partition)
      if (store === undefined || ending.marked.has(place)) continue
      if (this.#writeMarker(store, ending, transaction)) ending.marked.set(place, store)
      else ending.isOvertaken = true
    }
  }

  #writeMarker(store: TransactionStore, { shard }: Ending, transaction: Transaction): boolean {
    const { producerId, producerEpoch, state, transactionalId } = transaction
    const isCommit = state === 'PrepareCommit'
    try {
      store.appendMarker({ producerId, producerEpoch, coordinatorEpoch: shard.epoch, isCommit })
      return true
    } catch (cause) {
      if (!(cause instanceof ApiError) || !isOvertaken(cause)) throw cause
      const facts = { transactionalId, partition: store.partition, error: cause.error }
      this.#facts.log.log('warn', 'a marker comes too late, and its transaction is left as it is', facts)
      return false
    }
  }
}

function without(
  partitions: TransactionPartitions,
  marked: ReadonlyMap<string, unknown>,
): TransactionPartitions {
  const left = new Map<string, Set<number>>()
  for (const [topic, partition] of eachPartition(partitions)) {
    if (!marked.has(`${topic}-${partition}`)) left.set(topic, (left.get(topic) ?? new Set()).add(partition))
  }
  return left
}

/** Somebody else ended the transaction there, such as an operator. */
function isOvertaken({ error }: ApiError): boolean {
  return error === 'INVALID_PRODUCER_EPOCH' || error === 'TRANSACTION_COORDINATOR_FENCED'
}
