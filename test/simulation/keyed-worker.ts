import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { Worker } from './worker.ts'

interface KeyedWrite {
  readonly key: string
  /** Nothing takes the key away. */
  readonly value: string | null
}

const KEYS = 8

/** Gives few keys new values, and takes keys away, each until it is told that this is so. */
export class KeyedWorker extends Worker {
  #write: KeyedWrite | undefined
  #count = 0

  protected async step(): Promise<void> {
    this.#write ??= this.#next()
    const { key, value } = this.#write
    const client = await this.client()
    const { responses } = await client.ask(produce, 9, {
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: 'keyed', partitionData: [{ index: 0, records: this.#batch(this.#write) }] }],
    })
    const code = responses[0]?.partitionResponses[0]?.errorCode ?? -1
    if (this.told(code, ['NONE', 'NOT_LEADER_OR_FOLLOWER']) !== 'NONE') return
    this.journal.keyDone(key, value, this.world.clock.monotonicMs())
    this.#write = undefined
  }

  #next(): KeyedWrite {
    const key = `key ${this.random.below(KEYS)}`
    const value = this.random.isTrue(0.2) ? null : `${key} is ${this.#count++}`
    this.journal.keyWanted(key, value)
    return { key, value }
  }

  #batch({ key, value }: KeyedWrite): Buffer {
    const writer = new BatchWriter({})
    writer.append({
      timestamp: this.world.clock.nowMs(),
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value.padEnd(this.random.below(400))),
    })
    return Buffer.from(writer.finish())
  }
}
