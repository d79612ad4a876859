import type { Outlet } from '../output/outlet.ts'
import type { Clock } from '../ports/clock.ts'
import { pause } from '../ports/pause.ts'
import { formatSize } from '../values/sizes.ts'

interface Surroundings {
  readonly clock: Clock
  readonly stderr: Outlet
}

/** A signal is heard only between turns of the event loop: this is how long it may have to wait. */
const TURN_MS = 50
const SHOW_MS = 200

/**
 * For work that would keep the event loop to itself. `await work.turn(done, total)` between two of its pieces,
 * whenever `work.isDue()`, lets signals in; somebody at a terminal sees how far it has come.
 */
export class LongWork {
  readonly #clock: Clock
  readonly #stderr: Outlet
  readonly #isShown: boolean
  #turnedMs: number
  #shownMs: number
  #hasLine = false

  constructor({ clock, stderr }: Surroundings, isQuiet = false) {
    this.#clock = clock
    this.#stderr = stderr
    this.#isShown = !isQuiet && stderr.isTerminal
    this.#turnedMs = clock.monotonicMs()
    this.#shownMs = this.#turnedMs
  }

  /** Cheap enough to be asked for every batch. */
  isDue(): boolean {
    return this.#clock.monotonicMs() - this.#turnedMs >= TURN_MS
  }

  async turn(doneBytes: number, totalBytes: number): Promise<void> {
    await this.#pause()
    const percent = totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100)
    await this.#show(`${formatSize(doneBytes)} of ${formatSize(totalBytes)}, ${percent} %`)
  }

  /** The same for work that is counted in pieces: `300 of 1200 changes`. */
  async count(doneCount: number, totalCount: number, noun: string): Promise<void> {
    await this.#pause()
    await this.#show(`${doneCount} of ${totalCount} ${noun}`)
  }

  /** Pieces that show by themselves how far the work has come: signals are let in between them. */
  async *interruptible<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    for await (const piece of pieces) {
      if (this.isDue()) await this.#pause()
      yield piece
    }
  }

  /** What the work brings: before each piece of it the line of progress goes, since both may be for one terminal. */
  async *bringing<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    try {
      for await (const piece of pieces) {
        await this.end()
        yield piece
      }
    } finally {
      await this.end()
    }
  }

  /** Takes the line of progress away again. */
  async end(): Promise<void> {
    if (this.#hasLine) await this.#stderr.write('\r\u001b[K')
    this.#hasLine = false
  }

  async #show(line: string): Promise<void> {
    if (!this.#isShown || this.#turnedMs - this.#shownMs < SHOW_MS) return
    this.#shownMs = this.#turnedMs
    this.#hasLine = true
    await this.#stderr.write(`\r\u001b[K${line}`)
  }

  async #pause(): Promise<void> {
    await pause(this.#clock, 0)
    this.#turnedMs = this.#clock.monotonicMs()
  }
}
