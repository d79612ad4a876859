import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import type { Wanted } from './journal.ts'
import { batchOf, type Producer, Worker } from './worker.ts'

interface Batch {
  readonly wanted: readonly Wanted[]
  readonly bytes: Buffer
  readonly partition: number
}

/** Writes numbered values, and sends a batch again and again until it is told that it is there. */
export class IdempotentWorker extends Worker {
  #producer: Producer | undefined
  #batch: Batch | undefined
  #sequences = new Map<number, number>()
  #count = 0

  protected async step(): Promise<void> {
    this.#producer ??= await this.#initialised()
    this.#batch ??= this.#next(this.#producer)
    const batch = this.#batch
    const client = await this.client()
    const { responses } = await client.ask(produce, 9, {
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: 'plain', partitionData: [{ index: batch.partition, records: batch.bytes }] }],
    })
    const code = responses[0]?.partitionResponses[0]?.errorCode ?? -1
    const told = this.told(code, ['NONE', 'NOT_LEADER_OR_FOLLOWER', 'OUT_OF_ORDER_SEQUENCE_NUMBER'])
    if (told === 'NONE') this.#done(batch)
    else if (told === 'OUT_OF_ORDER_SEQUENCE_NUMBER') this.#lost(batch)
  }

  #done({ wanted, partition }: Batch): void {
    for (const one of wanted) {
      one.fate = 'done'
      one.doneMs = this.world.clock.monotonicMs()
    }
    this.#sequences.set(partition, (this.#sequences.get(partition) ?? 0) + wanted.length)
    this.#batch = undefined
  }

  /** The broker has lost something that it had acknowledged: whether it may is for others to say. */
  #lost({ wanted }: Batch): void {
    for (const one of wanted) one.fate = 'unknown'
    this.#batch = undefined
    this.#producer = undefined
    this.#sequences = new Map()
  }

  async #initialised(): Promise<Producer> {
    const client = await this.client()
    const answer = await client.ask(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 })
    this.told(answer.errorCode, ['NONE'])
    return answer
  }

  #next(producer: Producer): Batch {
    const partition = this.random.below(2)
    const wanted = Array.from({ length: 1 + this.random.below(4) }, () =>
      this.journal.want('plain', partition, `${producer.producerId}-${partition}-${this.#count++}`),
    )
    const sequence = this.#sequences.get(partition) ?? 0
    const values = wanted.map(({ value }) => value.padEnd(this.random.below(600)))
    const bytes = batchOf(values, producer, sequence, false, this.world.clock.nowMs())
    return { wanted, bytes, partition }
  }
}
