import type { Thread, Threads } from '../../ports/threads.ts'
import { LOG_OVERHEAD } from '../../records/batch-layout.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { batchesOf, type LineAnswer, type LineBlock, LineMaker } from './line-block.ts'
import { READY } from './line-thread.ts'
import type { RecordForm } from './record-form.ts'

/** What is worth a second thread, which takes some 50 ms to start. */
const WORTH_A_THREAD_BYTES = 32 * 1024 * 1024

/** Enough records that a message is worth its while, few enough for the caches of a processor. */
const ENOUGH_BYTES = 512 * 1024
/** The largest batch that a broker takes if nobody tells it otherwise is a block of its own. */
const BLOCK_BYTES = 1024 * 1024 + LOG_OVERHEAD
/** What the lines of a block nearly always fit in; memory that is never written to costs nothing. */
const OUTPUT_BYTES = 3 * BLOCK_BYTES
/** One that the second thread works on, and what it goes on with while this one is busy. */
const MOST_SENT = 3
/** What may wait for its turn to be written; it bounds the memory. */
const MOST_BLOCKS = 8

/** What comes out of the lane: lines, or batches that are to be shown with more care. Good until the next. */
export interface LaneOutput {
  readonly lines: Uint8Array
  readonly left: readonly RecordBatch[]
}

/** A lane for so many bytes of log, where a second thread is worth it and to be had. */
export async function openLineLane(threads: Threads, sizeBytes: number): Promise<LineLane | undefined> {
  const thread = sizeBytes < WORTH_A_THREAD_BYTES ? undefined : await threads.start('record-lines')
  return thread === undefined ? undefined : new LineLane(thread)
}

interface Queued {
  readonly block: LineBlock
  answer: LineAnswer | undefined
}

/**
 * Sound batches on their way to lines of JSON, many at once, in order. A second thread makes some of the lines,
 * this one makes others whenever it has nothing to write; should the second one fail, its work is done here.
 */
export class LineLane {
  readonly #thread: Thread
  readonly #maker = new LineMaker()
  /** In the order in which they are written. */
  readonly #queue: Queued[] = []
  /** Those that the other thread has, whose answers come in the same order. */
  readonly #sent: Queued[] = []
  readonly #free: Pick<LineBlock, 'input' | 'output'>[] = []
  #filling: LineBlock | undefined
  #isReady = false

  constructor(thread: Thread) {
    this.#thread = thread
  }

  get isEmpty(): boolean {
    return this.#filling === undefined && this.#queue.length === 0
  }

  /** Some batches never go this way, as they would need more room than is worth it. */
  isFor({ sizeBytes }: RecordBatch): boolean {
    return sizeBytes <= BLOCK_BYTES
  }

  /** Whether a batch fits into the block that is being filled, right behind the one before. */
  hasRoomFor({ position, sizeBytes }: RecordBatch): boolean {
    const filling = this.#filling
    if (filling === undefined) return true
    const { inputBytes } = filling
    return filling.position + inputBytes === position && inputBytes + sizeBytes <= ENOUGH_BYTES
  }

  put(form: RecordForm, batch: RecordBatch): void {
    const filling = this.#filling ?? this.#emptyBlock(form, batch.position)
    new Uint8Array(filling.input).set(batch.raw, filling.inputBytes)
    this.#filling = { ...filling, inputBytes: filling.inputBytes + batch.sizeBytes }
  }

  /** Sends the block that was filled on its way, and gives out what is made by now; all of it if it `isLast`. */
  async *ready(isLast: boolean): AsyncGenerator<LaneOutput, void, undefined> {
    this.#dispatch()
    yield* this.#made()
    while (this.#queue.length >= (isLast ? 1 : MOST_BLOCKS)) {
      await this.#wait()
      yield* this.#made()
    }
  }

  /** Nothing is put in or taken out any more. */
  end(): void {
    this.#thread.stop()
  }

  #emptyBlock(form: RecordForm, position: number): LineBlock {
    const { input, output } = this.#free.pop() ?? {
      input: new SharedArrayBuffer(BLOCK_BYTES),
      output: new SharedArrayBuffer(OUTPUT_BYTES),
    }
    return { form, input, inputBytes: 0, position, output }
  }

  #dispatch(): void {
    const block = this.#filling
    if (block === undefined) return
    this.#filling = undefined
    const queued: Queued = { block, answer: undefined }
    this.#queue.push(queued)
    this.#collect()
    if (this.#isReady && this.#sent.length < MOST_SENT) {
      this.#sent.push(queued)
      this.#thread.send(block)
    } else {
      queued.answer = this.#maker.answer(block)
      this.#collect()
    }
  }

  #collect(): void {
    for (let message = this.#thread.poll(); message !== undefined; message = this.#thread.poll()) {
      this.#take(message)
    }
  }

  #take(message: unknown): void {
    if (message === READY) {
      this.#isReady = true
      return
    }
    const queued = this.#sent.shift()
    if (queued !== undefined) queued.answer = message as LineAnswer
  }

  /** For an answer to the first block. Whatever ended the other thread, its work can be done here. */
  async #wait(): Promise<void> {
    try {
      this.#take(await this.#thread.receive())
    } catch {
      this.#isReady = false
      for (const queued of this.#sent.splice(0)) queued.answer = this.#maker.answer(queued.block)
    }
  }

  *#made(): Generator<LaneOutput, void, undefined> {
    for (let first = this.#queue[0]; first?.answer !== undefined; first = this.#queue[0]) {
      const { block, answer } = first
      const lines = new Uint8Array(answer.output, 0, answer.outputBytes)
      yield { lines, left: answer.isLeft ? batchesOf(block) : [] }
      this.#queue.shift()
      this.#free.push({ input: block.input, output: answer.output })
      this.#collect()
    }
  }
}
