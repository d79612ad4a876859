import { LENGTH, LOG_OVERHEAD, SMALLEST_LENGTH } from '../../records/batch-layout.ts'
import { damage } from '../../records/damage.ts'
import type { ScanOptions } from '../scan/scan-log.ts'
import { scanLog } from '../scan/scan-log.ts'
import type { Scanned, ScannedGap } from '../scan/scanned.ts'
import { StreamWindow } from './stream-window.ts'

/** What is looked at in one go: many batches of any common size. */
const WINDOW_BYTES = 8 * 1024 * 1024
/** Damage longer than this is told before its end has come. */
const LONGEST_GAP_BYTES = 32 * 1024 * 1024
/** A length beyond this is damage, and not worth the wait. */
const LARGEST_LENGTH = 64 * 1024 * 1024

export interface StreamOptions extends Pick<ScanOptions, 'baseOffset'> {
  readonly windowBytes?: number
}

/**
 * The batches of a log that comes as a stream, piece after piece; memory holds no more than a few of them. What
 * looks cut or damaged at the end of what has come is looked at again when more is there.
 */
export async function* scanStream(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: StreamOptions = {},
): AsyncGenerator<Iterable<Scanned>, void, undefined> {
  const progress = new StreamProgress(new StreamWindow(path), options)
  for await (const bytes of chunks) {
    progress.window.add(bytes)
    if (progress.isEnough()) yield progress.scan(false)
  }
  yield progress.scan(true)
}

class StreamProgress {
  readonly window: StreamWindow
  readonly #options: Pick<ScanOptions, 'baseOffset'>
  readonly #windowBytes: number
  #position = 0
  /** How much must be there before it is worth looking again. */
  #wantedBytes: number
  /** Damage whose end has not come yet. */
  #pending: ScannedGap | undefined

  constructor(window: StreamWindow, { windowBytes = WINDOW_BYTES, ...options }: StreamOptions) {
    this.window = window
    this.#options = options
    this.#windowBytes = windowBytes
    this.#wantedBytes = windowBytes
  }

  isEnough(): boolean {
    return this.window.sizeBytes() - this.#position >= this.#wantedBytes
  }

  *scan(isLast: boolean): Generator<Scanned, void, undefined> {
    this.#wantedBytes = this.#windowBytes
    const end = isLast ? this.window.sizeBytes() : this.#frameEnd()
    for (const found of scanLog(this.window, { ...this.#options, from: this.#position, end })) {
      const { position, sizeBytes } = found.kind === 'batch' ? found.batch : found.damage
      if (position + sizeBytes === end && !isLast) {
        if (found.kind === 'gap') {
          this.#wait(found, end)
          break
        }
        if (found.damage !== null) {
          this.#waitForNext(position)
          break
        }
      }
      this.#position = position + sizeBytes
      yield* this.#joined(found)
    }
    if (isLast && this.#pending !== undefined) yield this.#pending
    this.window.forget(this.#position)
  }

  /**
   * The end of the last batch that is all there. Where lengths lead nowhere it is the end of what has come, and
   * the scan sees to the damage.
   */
  #frameEnd(): number {
    const end = this.window.sizeBytes()
    const header = Buffer.alloc(LOG_OVERHEAD)
    let at = this.#position
    while (at < end && this.window.read(header, at) === LOG_OVERHEAD) {
      const length = header.readInt32BE(LENGTH)
      if (length < SMALLEST_LENGTH || length > LARGEST_LENGTH) return end
      if (at + LOG_OVERHEAD + length > end) {
        this.#wantedBytes = Math.max(this.#windowBytes, LOG_OVERHEAD + length)
        break
      }
      at += LOG_OVERHEAD + length
    }
    return at
  }

  /** It may be whole when more has come. */
  #wait(gap: ScannedGap, end: number): void {
    const { position, details } = gap.damage
    this.#position = position
    this.#wantedBytes = Math.max(this.#windowBytes, details.needed ?? 2 * (end - position))
    if (details.needed !== undefined || end - position < LONGEST_GAP_BYTES) return
    // A batch may begin in its last part and end in what has not come.
    const to = end - LONGEST_GAP_BYTES / 2
    this.#pending = joinedGap(this.#pending, gap, to)
    this.#position = to
    this.#wantedBytes = LONGEST_GAP_BYTES
  }

  /** What comes behind a damaged batch tells whether its length is to be believed. */
  #waitForNext(position: number): void {
    this.#position = position
    this.#wantedBytes = Math.max(this.#windowBytes, 2 * (this.window.sizeBytes() - position))
  }

  *#joined(found: Scanned): Generator<Scanned, void, undefined> {
    const pending = this.#pending
    this.#pending = undefined
    if (pending === undefined) return yield found
    if (found.kind === 'batch') {
      yield pending
      yield found
    } else {
      yield joinedGap(pending, found, found.damage.position + found.damage.sizeBytes)
    }
  }
}

function joinedGap(before: ScannedGap | undefined, gap: ScannedGap, end: number): ScannedGap {
  const { reason, position, finding, details } = (before ?? gap).damage
  return { kind: 'gap', damage: damage(reason, position, end - position, finding, { ...details }) }
}
