import type { Link } from '../../ports/network.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { WriterPool } from './writer-pool.ts'

/** So much is sent without waiting for more. */
const ENOUGH_BYTES = 32 * 1024

/** The answers of a connection on their way out: those that are made in one go leave in one piece. */
export class Outlet {
  readonly #link: Link
  readonly #writers: WriterPool
  readonly #allLeft: () => void
  #writer: ResponseWriter | undefined
  #done: (() => void)[] = []
  #underWay = 0
  #isChoked = false

  /** `allLeft` is told each time that nothing more is under way. */
  constructor(link: Link, writers: WriterPool, allLeft: () => void) {
    this.#link = link
    this.#writers = writers
    this.#allLeft = allLeft
  }

  /** The client reads more slowly than it asks. */
  get isChoked(): boolean {
    return this.#isChoked
  }

  get isEmpty(): boolean {
    return this.#underWay === 0
  }

  drained(): void {
    this.#isChoked = false
  }

  /**
   * `done` is called when the answer has left, or never will. Nothing of an answer that cannot be written is sent. Gives its
   * size.
   */
  add(write: (writer: ResponseWriter) => void, done: () => void): number {
    this.#writer ??= this.#writers.take()
    const writer = this.#writer
    const mark = writer.mark()
    this.#done.push(done)
    try {
      write(writer)
    } catch (error) {
      writer.rewind(mark)
      this.#done.pop()
      done()
      throw error
    }
    const sizeBytes = writer.sizeBytes - mark.sizeBytes
    if (writer.sizeBytes >= ENOUGH_BYTES) this.flush()
    return sizeBytes
  }

  /** By another way than the link itself, for once; what comes behind waits until it says that it has drained. */
  flush(link: Pick<Link, 'write' | 'cork' | 'uncork'> = this.#link): void {
    const writer = this.#writer
    if (writer === undefined || writer.sizeBytes === 0) return
    const done = this.#done
    this.#writer = undefined
    this.#done = []
    this.#underWay++
    this.#write(link, writer.pieces(), () => {
      this.#underWay--
      this.#writers.give(writer)
      for (const each of done) each()
      if (this.#underWay === 0) this.#allLeft()
    })
  }

  #write(
    link: Pick<Link, 'write' | 'cork' | 'uncork'>,
    pieces: readonly Uint8Array[],
    left: () => void,
  ): void {
    const last = pieces.length - 1
    if (last > 0) link.cork()
    pieces.forEach((piece, index) => {
      if (!link.write(piece, index === last ? left : undefined)) this.#isChoked = true
    })
    if (last > 0) link.uncork()
  }
}
