import { join } from 'node:path'
import type { Disk } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { leaderEpochFile } from '../files/leader-epoch-checkpoint.ts'
import type { LeaderEpochs } from '../start/leader-epochs.ts'
import { replaceFile } from './replace-file.ts'

/** The leaders' epochs of a log that is written to, and the file that keeps them. */
export class EpochFile {
  #path: string
  readonly #disk: Disk
  readonly #epochs: LeaderEpochs

  constructor(disk: Disk, folder: string, epochs: LeaderEpochs) {
    this.#disk = disk
    this.#path = join(folder, leaderEpochFile)
    this.#epochs = epochs
  }

  get path(): string {
    return this.#path
  }

  /** Its folder has another name. */
  relocate(folder: string): void {
    this.#path = join(folder, leaderEpochFile)
  }

  /** Those of the same log elsewhere, some of which no batch may tell of. True where the file has changed. */
  copy(other: EpochFile): boolean {
    return this.#change(() => this.#epochs.restore(other.#epochs.entries))
  }

  get latest(): number | undefined {
    return this.#epochs.entries.at(-1)?.epoch
  }

  epochAt(offset: number): number | undefined {
    return this.#epochs.entries.findLast(({ startOffset }) => startOffset <= offset)?.epoch
  }

  /** As Kafka answers OffsetForLeaderEpoch. */
  endOffsetOf(epoch: number, logEndOffset: number): { epoch: number; endOffset: number } | undefined {
    const { entries } = this.#epochs
    if (epoch === -1) return undefined
    if (epoch === this.latest) return { epoch, endOffset: logEndOffset }
    const next = entries.find((entry) => entry.epoch > epoch)
    if (next === undefined) return undefined
    const floor = entries.findLast((entry) => entry.epoch <= epoch)
    return { epoch: floor?.epoch ?? epoch, endOffset: Number(next.startOffset) }
  }

  /** Each of these is true where the file has changed. */
  begin(epoch: number, startOffset: number): boolean {
    return epoch > (this.latest ?? -1) && this.#change(() => this.#epochs.seen(epoch, startOffset))
  }

  learn(batches: readonly RecordBatch[]): boolean {
    const latest = this.latest ?? -1
    if (!batches.some(({ partitionLeaderEpoch }) => partitionLeaderEpoch > latest)) return false
    return this.#change(() => {
      for (const batch of batches) {
        this.#epochs.seen(batch.partitionLeaderEpoch, batch.baseOffset ?? batch.lastOffset)
      }
    })
  }

  truncateStart(offset: number): boolean {
    return this.#change(() => this.#epochs.truncateStart(offset))
  }

  /** Where the file cannot be written nothing has changed. */
  #change(change: () => void): boolean {
    const before = [...this.#epochs.entries]
    const bytesBefore = this.#epochs.bytes()
    change()
    const bytes = this.#epochs.bytes()
    if (bytes.equals(bytesBefore)) return false
    try {
      replaceFile(this.#disk, this.path, bytes)
      return true
    } catch (cause) {
      this.#epochs.restore(before)
      throw cause
    }
  }
}
