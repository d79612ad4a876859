import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { offsetCommit } from '../../src/lib/protocol/apis/offset-commit.ts'
import { Again, Worker } from './worker.ts'

const GROUP = 0

/** Commits offsets of a group that only ever go up. */
export class CommitWorker extends Worker {
  readonly groupId = 'readers'
  #offset = 0

  protected async step(): Promise<void> {
    const client = await this.client()
    const found = await client.ask(findCoordinator, 3, { key: this.groupId, keyType: GROUP })
    if (this.told(found.errorCode, ['NONE', 'COORDINATOR_NOT_AVAILABLE']) !== 'NONE') throw new Again('later')
    const committedOffset = BigInt(++this.#offset)
    const { topics } = await client.ask(offsetCommit, 8, {
      groupId: this.groupId,
      topics: [
        { name: 'plain', partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: '' }] },
      ],
    })
    const code = topics[0]?.partitions[0]?.errorCode ?? -1
    if (this.told(code, ['NONE', 'NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS']) !== 'NONE') return
    const doneMs = this.world.clock.monotonicMs()
    this.journal.committed.set(this.groupId, { offset: Number(committedOffset), doneMs })
  }
}
