import { CheckFailed, DataError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { Turns } from '../turns.ts'
import { BatchDump } from './batch-dump.ts'
import type { DumpInput, InputFailure } from './dump-input.ts'
import { STDIN } from './dump-input.ts'
import type { DumpRange } from './dump-range.ts'
import type { DumpSink } from './dump-sink.ts'
import type { DumpWish } from './dump-wish.ts'
import { entriesOf } from './file-entries.ts'
import { fileSource, type LogSource, streamSource } from './log-source.ts'

export interface DumpPlaces {
  readonly disk: ReadableDisk
  readonly stdin: () => AsyncIterable<Uint8Array>
  readonly turns: Turns
  /** Said to people when all is done. */
  readonly notes: string[]
}

/**
 * Goes through the inputs one after the other and hands what it finds to the sink; yields whenever there is
 * something to write, with the inputs that failed since the last time.
 */
export async function* dump(
  inputs: readonly DumpInput[],
  wish: DumpWish,
  sink: DumpSink,
  places: DumpPlaces,
): AsyncGenerator<InputFailure[], void, undefined> {
  const run = new DumpRun(wish, sink, places, inputs)
  for (const input of inputs) {
    if (run.isDone) return
    yield* run.input(input)
  }
}

class DumpRun {
  readonly #wish: DumpWish
  readonly #sink: DumpSink
  readonly #places: DumpPlaces
  readonly #totalBytes: number
  #doneBytes = 0
  #left: number

  constructor(wish: DumpWish, sink: DumpSink, places: DumpPlaces, inputs: readonly DumpInput[]) {
    this.#wish = wish
    this.#sink = sink
    this.#places = places
    this.#left = wish.limit
    const sizeOf = ({ file }: DumpInput) => (file === STDIN ? 0 : (places.disk.stat(file)?.sizeBytes ?? 0))
    this.#totalBytes = inputs.reduce((sum, input) => sum + sizeOf(input), 0)
  }

  get isDone(): boolean {
    return this.#left <= 0
  }

  async *input(input: DumpInput): AsyncGenerator<InputFailure[], void, undefined> {
    const failures: InputFailure[] = []
    try {
      if (input.kind === 'log' || input.kind === 'checkpoint') yield* this.#log(input, failures)
      else await this.#entries(input, failures)
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      if (isDeletedMeanwhile(input, error)) {
        this.#places.notes.push(
          `${input.file} was deleted by a live broker, or cleaned into another, while the others were read`,
        )
      } else failures.push({ item: input.file, error: error instanceof DataError ? asDamage(error) : error })
    }
    yield failures
  }

  async *#log(input: DumpInput, failures: InputFailure[]): AsyncGenerator<InputFailure[], void, undefined> {
    if (isOutside(input, this.#wish.range)) return
    const source = this.#sourceOf(input)
    const batches = new BatchDump(input, this.#wish, this.#sink, this.#left)
    try {
      yield* this.#batches(source, batches)
      if (source.isEmpty()) this.#places.notes.push(`${input.file} is empty`)
    } catch (error) {
      // What was found before it is shown all the same.
      yield* this.#outOfLane(source, batches, true)
      throw error
    } finally {
      source.close()
      this.#left = batches.left
      this.#doneBytes += batches.position
      failures.push(...batches.failures())
      this.#places.notes.push(...batches.notes)
    }
  }

  async *#batches(source: LogSource, batches: BatchDump): AsyncGenerator<InputFailure[], void, undefined> {
    for await (const piece of source.pieces()) {
      for (const found of piece) {
        if (batches.isForLane(found)) {
          if (!batches.hasRoomInLane(found)) yield* this.#outOfLane(source, batches, false)
          batches.intoLane(found)
        } else {
          if (this.#sink.lane?.isEmpty === false) yield* this.#outOfLane(source, batches, true)
          batches.take(found, source)
        }
        if (batches.left <= 0) return
        if (this.#sink.isFull) yield []
        if (this.#places.turns.isDue()) await this.#turn(batches.position)
      }
    }
    yield* this.#outOfLane(source, batches, true)
  }

  /** Hands over what the lane has done, and shows what it has left to be done here, all in order. */
  async *#outOfLane(
    source: LogSource,
    batches: BatchDump,
    isLast: boolean,
  ): AsyncGenerator<InputFailure[], void, undefined> {
    const { lane } = this.#sink
    if (lane === undefined || lane.isEmpty) return
    yield []
    for await (const { lines, left } of lane.ready(isLast)) {
      this.#sink.written?.(lines)
      yield []
      for (const batch of left) {
        batches.take({ kind: 'batch', batch, damage: null }, source)
        if (this.#sink.isFull) yield []
      }
      if (left.length > 0) yield []
    }
  }

  async #entries(input: DumpInput, failures: InputFailure[]): Promise<void> {
    const bytes = await this.#bytesOf(input)
    const { entries, problem } = entriesOf(input, bytes)
    if (bytes.length === 0) this.#places.notes.push(`${input.file} is empty`)
    if (isLimited(this.#wish.range)) {
      this.#places.notes.push(`${input.file} is shown as a whole: --from and --to are for logs`)
    }
    for (const entry of entries.slice(0, this.#left)) this.#sink.entry(input, entry)
    this.#left -= entries.length
    this.#doneBytes += bytes.length
    if (problem !== null) failures.push({ item: input.file, error: problem })
  }

  #sourceOf(input: DumpInput): LogSource {
    const { disk, stdin } = this.#places
    return input.file === STDIN ? streamSource(input, stdin()) : fileSource(disk, input, this.#wish.range)
  }

  async #bytesOf({ file }: DumpInput): Promise<Buffer> {
    if (file !== STDIN) return readSmallFile(this.#places.disk, file)
    const chunks: Uint8Array[] = []
    let sizeBytes = 0
    for await (const chunk of this.#places.stdin()) {
      sizeBytes += chunk.length
      if (sizeBytes > LARGEST_FILE) throw tooLarge()
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  #turn(position: number): Promise<void> {
    return this.#places.turns.turn(this.#doneBytes + position, this.#totalBytes)
  }
}

/** By the names of segments alone: nothing of it needs to be read. */
function isOutside(
  { kind, baseOffset, nextBaseOffset }: DumpInput,
  { fromOffset, toOffset }: DumpRange,
): boolean {
  if (kind !== 'log') return false
  if (fromOffset !== undefined && nextBaseOffset !== null && nextBaseOffset <= fromOffset) return true
  return toOffset !== undefined && baseOffset !== null && baseOffset >= toOffset
}

function isLimited(range: DumpRange): boolean {
  return Object.values(range).some((limit) => limit !== undefined)
}

function isDeletedMeanwhile({ isListed }: DumpInput, { code }: KtoolError): boolean {
  return isListed === true && code === 'file-not-found'
}

/** The file was read; that it is not what it should be is what was found. */
function asDamage({ code, message, hint, details, cause }: DataError): CheckFailed {
  return new CheckFailed(code, message, { hint, details, cause })
}

const LARGEST_FILE = 64 * 1024 * 1024

function tooLarge(): CheckFailed {
  return new CheckFailed('file-too-large', 'stdin holds more than any such file of Kafka does', {
    hint: 'a log is read piece by piece: --kind log',
  })
}
