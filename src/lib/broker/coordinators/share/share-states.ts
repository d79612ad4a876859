import { RedundantOffsets } from './redundant-offsets.ts'
import { coordinatorKey, type SharePartitionKey } from './share-partition-key.ts'
import { type ShareState, updatedState } from './share-state.ts'
import type { ShareStateRecord } from './share-state-records.ts'

/** An epoch that is below all others: clients may say any number. */
export const NEVER_HEARD = Number.NEGATIVE_INFINITY

export interface KeptShareState {
  readonly key: SharePartitionKey
  state: ShareState
  /** The highest that were heard of: who comes with less was replaced. */
  leaderEpoch: number
  /** `NEVER_HEARD` where only updates were read. */
  stateEpoch: number
  updatesSinceSnapshot: number
}

/** What the records of one partition of `__share_group_state` make, in their order. */
export class ShareStates {
  readonly redundant = new RedundantOffsets()
  readonly #updatesPerSnapshot: () => number
  readonly #states = new Map<string, KeptShareState>()

  constructor(updatesPerSnapshot: () => number) {
    this.#updatesPerSnapshot = updatesPerSnapshot
  }

  get(key: SharePartitionKey): KeptShareState | undefined {
    return this.#states.get(coordinatorKey(key))
  }

  all(): Iterable<KeptShareState> {
    return this.#states.values()
  }

  replay(record: ShareStateRecord, offset: number): void {
    const name = coordinatorKey(record.key)
    if (record.kind === 'update') {
      this.#update(name, record)
      return
    }
    if (record.state === null) this.#states.delete(name)
    else this.#snapshot(name, record.key, record.state)
    this.redundant.snapshotAt(name, offset, record.state === null)
  }

  /** Kafka counts on where a snapshot was not due: after an initialisation, say. */
  #snapshot(name: string, key: SharePartitionKey, state: ShareState): void {
    const known = this.#states.get(name)
    if (known === undefined) {
      const { leaderEpoch, stateEpoch } = state
      this.#states.set(name, { key, state, leaderEpoch, stateEpoch, updatesSinceSnapshot: 0 })
      return
    }
    known.state = state
    known.leaderEpoch = Math.max(known.leaderEpoch, state.leaderEpoch)
    known.stateEpoch = Math.max(known.stateEpoch, state.stateEpoch)
    if (known.updatesSinceSnapshot >= this.#updatesPerSnapshot()) known.updatesSinceSnapshot = 0
  }

  #update(name: string, { key, update }: ShareStateRecord & { readonly kind: 'update' }): void {
    const known = this.#states.get(name)
    const state = updatedState(known?.state, update)
    if (known === undefined) {
      const { leaderEpoch } = update
      this.#states.set(name, { key, state, leaderEpoch, stateEpoch: NEVER_HEARD, updatesSinceSnapshot: 1 })
      return
    }
    known.state = state
    known.leaderEpoch = Math.max(known.leaderEpoch, update.leaderEpoch)
    known.updatesSinceSnapshot++
  }
}
