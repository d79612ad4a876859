/** Nothing more is there at the moment. */
export const QUIET = Symbol('quiet')

const TURNS = 20

interface Arrived<T> {
  readonly item: T
  readonly taken: () => void
}

/** What several sources bring, as it comes. A source is asked for its next only when its last was taken. */
export async function* arriving<T>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<T | typeof QUIET, void, undefined> {
  const arrivals = new Arrivals<T>(sources.length)
  for (const source of sources) {
    arrivals.pump(source).catch((error: unknown) => arrivals.fail(error))
  }
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
  #open: number
  #isStopped = false
  #wake: (() => void) | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(count: number) {
    this.#open = count
  }

  get isOver(): boolean {
    return this.#open === 0 && this.#queue.length === 0
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
    this.#open -= 1
    this.#tell()
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
