/** Nothing more is there at the moment. */
export const QUIET = Symbol('quiet')

const TURNS = 20

interface Arrived<T> {
  readonly item: T
  readonly taken: () => void
}

export interface MoreSources<T> {
  readonly sources: AsyncIterable<readonly AsyncIterable<T>[]>
  /** Whether it is worth waiting for them where no source is open. */
  readonly isAwaited: () => boolean
}

/**
 * What several sources bring, as it comes. A source is asked for its next only when its last was taken. There may come
 * more of them, for as long as one is open.
 */
export async function* arriving<T>(
  sources: readonly AsyncIterable<T>[],
  more?: MoreSources<T>,
): AsyncGenerator<T | typeof QUIET, void, undefined> {
  const arrivals = new Arrivals<T>(more?.isAwaited ?? (() => false))
  for (const source of sources) arrivals.add(arrivals.pump(source))
  if (more !== undefined) arrivals.widen(more.sources).catch((error: unknown) => arrivals.fail(error))
  try {
    for (;;) {
      const next = arrivals.next()
      if (next !== undefined) {
        yield next.item
        next.taken()
        await arrivals.settle()
        continue
      }
      if (arrivals.isOver) return
      yield QUIET
      await arrivals.wait()
    }
  } finally {
    arrivals.stop()
  }
}

class Arrivals<T> {
  readonly #queue: Arrived<T>[] = []
  readonly #isMoreAwaited: () => boolean
  #open = 0
  #isStopped = false
  #wake: (() => void) | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(isMoreAwaited: () => boolean) {
    this.#isMoreAwaited = isMoreAwaited
  }

  get isOver(): boolean {
    return this.#open === 0 && this.#queue.length === 0 && !this.#isMoreAwaited()
  }

  add(work: Promise<void>): void {
    this.#open += 1
    work.then(
      () => {
        this.#open -= 1
        this.#tell()
      },
      (error: unknown) => this.fail(error),
    )
  }

  async widen(more: AsyncIterable<readonly AsyncIterable<T>[]>): Promise<void> {
    for await (const sources of more) {
      if (this.#isStopped) return
      for (const source of sources) this.add(this.pump(source))
    }
  }

  async pump(source: AsyncIterable<T>): Promise<void> {
    for await (const item of source) {
      if (this.#isStopped) return
      await new Promise<void>((taken) => {
        this.#queue.push({ item, taken })
        this.#tell()
      })
      if (this.#isStopped) return
    }
  }

  next(): Arrived<T> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error
    return this.#queue.shift()
  }

  async wait(): Promise<void> {
    if (this.#queue.length > 0 || this.isOver || this.#failure !== undefined) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  /** Its source may have another one at hand, a few turns away. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS && this.#queue.length === 0; turn++) await Promise.resolve()
  }

  fail(error: unknown): void {
    this.#failure = { error }
    this.#tell()
  }

  stop(): void {
    this.#isStopped = true
    for (const { taken } of this.#queue) taken()
  }

  #tell(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
