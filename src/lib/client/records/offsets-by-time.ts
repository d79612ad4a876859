import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Isolation } from '../../model/records.ts'
import type { Cluster } from '../cluster.ts'
import { listOffsetsOf } from '../offsets/list-offsets.ts'
import { askLeaders } from '../routing/by-leader.ts'

interface Wanted {
  readonly at: TopicPartition
  readonly found: (offset: Int64 | null) => void
  readonly failed: (error: KtoolError) => void
}

/** Looks up the first offsets at a time or after it. Those that are asked for together go to their leaders together. */
export class OffsetsByTime {
  readonly #cluster: Cluster
  readonly #isCommitted: boolean
  readonly #gathered = new Map<number, Wanted[]>()

  constructor(cluster: Cluster, isolation: Isolation) {
    this.#cluster = cluster
    this.#isCommitted = isolation === 'committed'
  }

  find(at: TopicPartition, timeMs: number): Promise<Int64 | null> {
    return new Promise((resolve, reject) => {
      const wanted = { at, found: resolve, failed: reject }
      const before = this.#gathered.get(timeMs)
      if (before !== undefined) before.push(wanted)
      else {
        this.#gathered.set(timeMs, [wanted])
        queueMicrotask(() => this.#ask(timeMs))
      }
    })
  }

  #ask(timeMs: number): void {
    const all = this.#gathered.get(timeMs) ?? []
    this.#gathered.delete(timeMs)
    this.#lookUp(timeMs, all).catch((error) => {
      for (const { failed } of all) failed(error)
    })
  }

  async #lookUp(timeMs: number, all: readonly Wanted[]): Promise<void> {
    const question = { timestamp: BigInt(Math.floor(timeMs)), isCommitted: this.#isCommitted, since: 1 }
    const places = new Map(all.map(({ at }) => [partitionName(at), at]))
    const told = await askLeaders(this.#cluster, [...places.values()], (connection, own) =>
      listOffsetsOf(this.#cluster, connection, own, question),
    )
    for (const { at, found, failed } of all) {
      const answer = told.get(partitionName(at))
      if (answer instanceof KtoolError) failed(answer)
      else found(answer === undefined || answer.offset < 0 ? null : answer.offset)
    }
  }
}
