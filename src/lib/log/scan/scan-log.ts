import { addInt64, type Int64 } from '../../bytes/int64.ts'
import type { ReadableFile } from '../../ports/disk.ts'
import { type Damage, damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed, type FeedOptions } from '../batch-feed.ts'
import { type Bounds, type Resumption, resume } from './resync.ts'
import type { Scanned } from './scanned.ts'
import { SearchBudget } from './search-budget.ts'

export interface ScanOptions extends FeedOptions {
  /** The segment's base offset: what is below it is not believed after damage. */
  readonly baseOffset?: Int64
  /** The next segment's base offset: what is not below it is not believed after damage. */
  readonly nextBaseOffset?: Int64
}

/** The offsets of a segment fit into 31 bits beside its base, since its indexes hold no more. */
const SEGMENT_OFFSETS = 2 ** 31
const LARGEST_OFFSET = 2n ** 63n - 1n

/**
 * All that is in a log file: sound batches, batches that are damaged inside, and what lies between them. After
 * damage the scan finds the next batch again, and all that are sound; it does not take for batches what lies
 * inside of records. How far it searches has a limit in proportion to the file's size.
 */
export function* scanLog(file: ReadableFile, options: ScanOptions = {}): Generator<Scanned, void, undefined> {
  const feed = new BatchFeed(file, options)
  const damages = new Damages(file, feed.end, options)
  for (let found = feed.next(); found !== undefined; found = feed.next()) {
    const wrong = found.kind === 'batch' ? found.damage() : found
    if (found.kind === 'batch' && wrong === null) {
      damages.passed(found)
      yield { kind: 'batch', batch: found, damage: null }
    } else if (wrong !== null) {
      const { scanned, position } = damages.at(found, wrong)
      yield scanned
      feed.seek(position)
    }
  }
}

class Damages {
  readonly #file: ReadableFile
  readonly #options: ScanOptions
  readonly #end: number
  readonly #below: Int64
  readonly #budget: SearchBudget
  #bytes: BatchFeed | undefined
  #from: Int64

  constructor(file: ReadableFile, end: number, options: ScanOptions) {
    const { baseOffset, nextBaseOffset } = options
    this.#file = file
    this.#options = options
    this.#end = end
    this.#from = baseOffset ?? 0
    this.#below = nextBaseOffset ?? highest(baseOffset)
    this.#budget = new SearchBudget(end)
  }

  passed(batch: RecordBatch): void {
    this.#from = addInt64(batch.lastOffset, 1)
  }

  at(found: RecordBatch | Damage, wrong: Damage): { scanned: Scanned; position: number } {
    if (wrong.reason === 'zeros') return { scanned: { kind: 'gap', damage: wrong }, position: this.#end }
    const resumption = this.#resume(wrong.position)
    const { position, by } = resumption
    if (found.kind === 'batch' && by === 'frame') {
      return { scanned: { kind: 'batch', batch: found, damage: wrong }, position }
    }
    return { scanned: { kind: 'gap', damage: gapOf(wrong, resumption, this.#budget) }, position }
  }

  /** A second window on the file: what was found stays in the first one. */
  #resume(position: number): Resumption {
    const { chunkBytes } = this.#options
    this.#bytes ??= new BatchFeed(this.#file, {
      end: this.#end,
      ...(chunkBytes === undefined ? {} : { chunkBytes }),
    })
    const bounds: Bounds = { from: this.#from, below: this.#below }
    return resume(this.#bytes, position, bounds, this.#budget)
  }
}

function highest(baseOffset: Int64 | undefined): Int64 {
  return baseOffset === undefined ? LARGEST_OFFSET : addInt64(baseOffset, SEGMENT_OFFSETS)
}

function gapOf(wrong: Damage, { position, by }: Resumption, budget: SearchBudget): Damage {
  const sizeBytes = position - wrong.position
  const { finding, details } = wrong
  // A magic that no Kafka has written changes nothing of what its CRC covers.
  if (by === 'length' && wrong.reason !== 'magic') {
    const told = `its length is not that of the ${sizeBytes} bytes that its CRC is right for`
    return damage('length', wrong.position, sizeBytes, told, { ...details, trueLength: sizeBytes - 12 })
  }
  if (by === 'gaveUp') {
    const told = `${finding}; the search for the next batch was given up, it had read ${budget.spentBytes} bytes`
    return damage(wrong.reason, wrong.position, sizeBytes, told, {
      ...details,
      searchedBytes: budget.spentBytes,
    })
  }
  return damage(wrong.reason, wrong.position, sizeBytes, finding, { ...details })
}
