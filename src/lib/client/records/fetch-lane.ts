import type { Int64 } from '../../bytes/int64.ts'
import type { KtoolError } from '../../errors.ts'
import type { RecordsPart } from '../../model/records.ts'
import type { AbortedTransaction } from './aborted-producers.ts'
import { FetchedSlice } from './fetched-slice.ts'

export interface LaneRange {
  readonly topic: string
  /** Null where the cluster has none. */
  readonly topicId: string | null
  readonly partition: number
  readonly from: Int64
  /** Excluded; null goes on for ever. */
  readonly to: Int64 | null
}

const FIRST_BYTES = 256 * 1024
const MOST_BYTES = 4 * 1024 * 1024
/** One to be read, and one that comes meanwhile. */
const MOST_SLICES = 2

/** What of a partition is fetched, and waits for its reader. */
export class FetchLane {
  readonly range: LaneRange
  /** Who is asked; nothing while nobody knows. */
  leader: number | undefined
  /** Where the next fetch begins. */
  position: Int64
  maxBytes = FIRST_BYTES
  isAsked = false
  /** When it was last given something: who has waited longest comes first. */
  servedAt = 0
  /** How often it was tried since something came, and since when. */
  tries = 0
  triedSinceMs: number | undefined
  /** What went wrong first since then; later ones may only be for want of time. */
  trouble: KtoolError | undefined
  readonly #slices: (FetchedSlice | KtoolError)[] = []
  #isOver = false
  #wake: (() => void) | undefined

  constructor(range: LaneRange, leader: number | undefined) {
    this.range = range
    this.leader = leader
    this.position = range.from
  }

  get isWaiting(): boolean {
    return this.#wake !== undefined
  }

  /** Whether all was fetched that ever will be. */
  get isFetched(): boolean {
    const { to } = this.range
    return this.#isOver || (to !== null && this.position >= to)
  }

  get hasRoom(): boolean {
    return !this.isFetched && this.#slices.length < MOST_SLICES
  }

  get hasSlices(): boolean {
    return this.#slices.length > 0
  }

  get bufferedBytes(): number {
    return this.#slices.reduce((sum, slice) => sum + (slice instanceof FetchedSlice ? slice.sizeBytes : 0), 0)
  }

  /** Takes what a broker gave; false if it brings nothing on. */
  give(bytes: Buffer, aborted: readonly AbortedTransaction[]): boolean {
    const slice = new FetchedSlice(bytes, this.position, aborted)
    const hasMoved = slice.next > this.position
    if (slice.neededBytes !== undefined) this.maxBytes = Math.max(this.maxBytes, slice.neededBytes)
    if (!hasMoved && !slice.isBroken) return false
    this.position = slice.next
    this.maxBytes = Math.max(this.maxBytes, Math.min(MOST_BYTES, bytes.length * 2))
    this.tries = 0
    this.triedSinceMs = undefined
    this.trouble = undefined
    this.#slices.push(slice)
    if (slice.isBroken) this.#isOver = true
    this.#tell()
    return true
  }

  /** Something is not there any more. */
  lose(error: KtoolError, goOnAt: Int64): void {
    this.#slices.push(error)
    this.position = goOnAt
    this.#tell()
  }

  /** There will be nothing more. */
  end(error?: KtoolError): void {
    if (error !== undefined) this.#slices.push(error)
    this.#isOver = true
    this.#tell()
  }

  /** The next part for the reader; nothing if it has to wait, or is through. */
  take(): RecordsPart | undefined {
    for (;;) {
      const [first] = this.#slices
      if (first === undefined) return undefined
      const part =
        first instanceof FetchedSlice ? first.take(this.range.to) : ({ kind: 'lost', error: first } as const)
      if (part === undefined || !(first instanceof FetchedSlice)) this.#slices.shift()
      if (part !== undefined) return part
    }
  }

  /** Until something is to be taken, or there is nothing more. */
  async wait(): Promise<void> {
    if (this.#slices.length > 0 || this.isFetched) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  #tell(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
