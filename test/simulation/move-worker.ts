import { alterReplicaLogDirs } from '../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { Worker } from './worker.ts'

const partitions: readonly (readonly [topic: string, partition: number])[] = [
  ['plain', 0],
  ['plain', 1],
  ['txn', 0],
  ['txn', 1],
  ['__transaction_state', 0],
  ['__transaction_state', 1],
  ['__consumer_offsets', 0],
  ['__consumer_offsets', 1],
]

/** Sends partitions to and fro between directories, and now and then thinks better of it. */
export class MoveWorker extends Worker {
  protected async step(): Promise<void> {
    const client = await this.client()
    const { dataDirs } = this.world
    const [name, partition] = partitions[this.random.below(partitions.length)] ?? ['plain', 0]
    const path = dataDirs[this.random.below(dataDirs.length)] ?? ''
    const dirs = [{ path, topics: [{ name, partitions: [partition] }] }]
    const { results } = await client.ask(alterReplicaLogDirs, 2, { dirs })
    // The internal topics are made when they are asked for.
    const expected = name.startsWith('__')
      ? (['NONE', 'UNKNOWN_TOPIC_OR_PARTITION'] as const)
      : (['NONE'] as const)
    this.told(results[0]?.partitions[0]?.errorCode ?? -1, expected)
    await this.world.sleep(this.random.between(0, 60))
  }
}
