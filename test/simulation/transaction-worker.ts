import { endTxn } from '../../src/lib/protocol/apis/end-txn.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import type { Fate, Journal, WantedTransaction } from './journal.ts'
import { Unanswered } from './sim-client.ts'
import type { SimRandom } from './sim-random.ts'
import type { SimWorld } from './sim-world.ts'
import { Again, batchOf, type Producer, Worker } from './worker.ts'

const TRANSACTION = 1

/** Writes to two partitions at a time, commits or aborts, and begins anew after whatever it was not told. */
export class TransactionWorker extends Worker {
  readonly #id: string
  #producer: Producer | undefined
  #initialisedMs = 0
  #sequences = new Map<number, number>()
  #count = 0

  constructor(world: SimWorld, journal: Journal, random: SimRandom, id: string) {
    super(world, journal, random)
    this.#id = id
  }

  protected async step(): Promise<void> {
    this.#producer ??= await this.#initialised()
    const transaction = this.journal.begin(`${this.#id}-${this.#count++}`)
    try {
      for (let i = 0; i <= this.random.below(3); i++) await this.#write(transaction, this.#producer)
      await this.#end(transaction, this.#producer, this.random.isTrue(0.7))
    } catch (cause) {
      // Nobody asked for the end of it yet: it is aborted when this producer begins anew, or when its time is up.
      if (transaction.fate === 'open') transaction.fate = 'aborted'
      this.#producer = undefined
      throw cause
    }
  }

  async #write(transaction: WantedTransaction, producer: Producer): Promise<void> {
    const client = await this.client()
    const partition = this.random.below(2)
    const { value } = this.journal.want(
      'txn',
      partition,
      `${transaction.id}/${transaction.values.length}`,
      transaction,
    )
    const sequence = this.#sequences.get(partition) ?? 0
    const bytes = batchOf([value], producer, sequence, true, this.world.clock.nowMs())
    const { responses } = await client.ask(produce, 12, {
      transactionalId: this.#id,
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: 'txn', partitionData: [{ index: partition, records: bytes }] }],
    })
    const code = responses[0]?.partitionResponses[0]?.errorCode ?? -1
    const told = this.told(code, ['NONE', 'INVALID_PRODUCER_EPOCH', 'CONCURRENT_TRANSACTIONS'])
    if (told !== 'NONE') throw new Again(told)
    this.#sequences.set(partition, sequence + 1)
  }

  async #end(transaction: WantedTransaction, producer: Producer, committed: boolean): Promise<void> {
    for (;;) {
      const next = await this.#endOnce(transaction, producer, committed)
      if (next === undefined) continue
      this.#producer = next
      this.#sequences = new Map()
      this.#settle(transaction, committed ? 'done' : 'aborted')
      return
    }
  }

  async #endOnce(
    transaction: WantedTransaction,
    producer: Producer,
    committed: boolean,
  ): Promise<Producer | undefined> {
    transaction.fate = committed ? 'unknown' : 'aborted'
    try {
      const client = await this.client()
      const { producerId, producerEpoch } = producer
      const answer = await client.ask(endTxn, 5, {
        transactionalId: this.#id,
        producerId,
        producerEpoch,
        committed,
      })
      const told = this.told(answer.errorCode, [
        'NONE',
        'CONCURRENT_TRANSACTIONS',
        'NOT_COORDINATOR',
        'PRODUCER_FENCED',
        'INVALID_TXN_STATE',
        'INVALID_PRODUCER_ID_MAPPING',
      ])
      if (told === 'NONE') return answer
      if (told === 'INVALID_PRODUCER_ID_MAPPING') this.#noteLoss(told)
      if (told !== 'CONCURRENT_TRANSACTIONS' && told !== 'NOT_COORDINATOR') throw new Again(told)
    } catch (cause) {
      // A producer may ask for the same end once more, or give up.
      if (!(cause instanceof Unanswered) || this.random.isTrue(0.5)) throw cause
      this.forgetLink()
    }
    await this.world.sleep(this.random.between(1, 50))
    return undefined
  }

  #settle(transaction: WantedTransaction, fate: Fate): void {
    transaction.fate = fate
    transaction.doneMs = this.world.clock.monotonicMs()
  }

  /** The coordinator does not know this producer any more. */
  #noteLoss(told: string): void {
    const doneMs = this.#initialisedMs
    this.journal.losses.push({ told: `producer ${this.#id} is told ${told}`, doneMs })
  }

  async #initialised(): Promise<Producer> {
    const client = await this.client()
    const { errorCode } = await client.ask(findCoordinator, 3, { key: this.#id, keyType: TRANSACTION })
    if (this.told(errorCode, ['NONE', 'COORDINATOR_NOT_AVAILABLE']) !== 'NONE')
      throw new Again('no coordinator')
    const answer = await client.ask(initProducerId, 4, {
      transactionalId: this.#id,
      transactionTimeoutMs: 5000,
    })
    const told = this.told(answer.errorCode, ['NONE', 'CONCURRENT_TRANSACTIONS', 'NOT_COORDINATOR'])
    if (told !== 'NONE') throw new Again(told)
    this.#sequences = new Map()
    this.#initialisedMs = this.world.clock.monotonicMs()
    return answer
  }
}
