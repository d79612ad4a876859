import type { Cancel, Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import { ApiError } from '../../api-error.ts'
import { completed } from './end-transaction.ts'
import { eachPartition, isEnding, type Transaction } from './transaction.ts'
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
 * Kafka answers EndTxn once the decision is written, and markers follow by way of the network, within a millisecond
 * where nothing else is to be done. So the answer goes first, and readers of what was committed wait no longer.
 */
const MARKERS_AFTER_MS = 0
const RETRY_AFTER_MS = 100

interface Ending {
  readonly shard: TransactionShard
  readonly transactionalId: string
  /** By topic and partition: those that need no more. */
  readonly marked: Set<string>
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

  begin(shard: TransactionShard, transactionalId: string, delayMs = MARKERS_AFTER_MS): void {
    const ending: Ending = { shard, transactionalId, marked: new Set(), cancel: () => {}, attempt: null }
    this.#endings.get(transactionalId)?.cancel()
    this.#endings.set(transactionalId, ending)
    this.#attemptIn(ending, delayMs)
  }

  /** Does it now, for one who waits. Resolves after the attempt, also where that did not succeed. */
  hurry(transactionalId: string): Promise<void> {
    const ending = this.#endings.get(transactionalId)
    return ending === undefined ? Promise.resolve() : this.#attempt(ending)
  }

  async hurryAll(): Promise<void> {
    await Promise.all([...this.#endings.values()].map((ending) => this.#attempt(ending)))
  }

  /** What is left is for the coordinator that reads the log next. */
  stop(): void {
    for (const { cancel } of this.#endings.values()) cancel()
    this.#endings.clear()
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
    const { shard, transactionalId } = ending
    await shard.durable()
    const transaction = shard.get(transactionalId)
    if (transaction === undefined || !isEnding(transaction)) return this.#drop(ending)
    await Promise.all(this.#mark(ending, transaction).map((store) => store.durable()))
    if (!this.#isCurrent(ending)) return
    const { clock, serverVersion } = this.#facts
    shard.write(completed(transaction, clock.nowMs()), serverVersion())
    this.#drop(ending)
  }

  #drop(ending: Ending): void {
    if (this.#isCurrent(ending)) this.#endings.delete(ending.transactionalId)
  }

  #mark(ending: Ending, transaction: Transaction): TransactionStore[] {
    const written: TransactionStore[] = []
    for (const [topic, partition] of eachPartition(transaction.partitions)) {
      const place = `${topic}-${partition}`
      // A topic that was deleted meanwhile has no readers to be told.
      const store = this.#facts.stores.get(topic, partition)
      if (store === undefined || ending.marked.has(place)) continue
      this.#writeMarker(store, ending.shard, transaction)
      ending.marked.add(place)
      written.push(store)
    }
    return written
  }

  #writeMarker(store: TransactionStore, shard: TransactionShard, transaction: Transaction): void {
    const { producerId, producerEpoch, state, transactionalId } = transaction
    const isCommit = state === 'PrepareCommit'
    try {
      store.appendMarker({ producerId, producerEpoch, coordinatorEpoch: shard.epoch, isCommit })
    } catch (cause) {
      if (!(cause instanceof ApiError) || !isOvertaken(cause)) throw cause
      const facts = { transactionalId, partition: store.partition, error: cause.error }
      this.#facts.log.log('warn', 'a marker came too late and is left out', facts)
    }
  }
}

/** Somebody else ended the transaction there, such as an operator. */
function isOvertaken({ error }: ApiError): boolean {
  return error === 'INVALID_PRODUCER_EPOCH' || error === 'TRANSACTION_COORDINATOR_FENCED'
}
