import { serveLines } from '../../../../src/lib/output/records/line-thread.ts'
import type { Thread } from '../../../../src/lib/ports/threads.ts'

/**
 * The work of the second thread without a thread: what is sent is answered when the answer is looked for, after
 * as many looks as `patience` says. It ends after `life` messages.
 */
export function fakeThread(manner: { patience?: () => number; life?: number } = {}): FakeThread {
  const { patience = () => 0, life = Number.POSITIVE_INFINITY } = manner
  return new FakeThread(patience, life)
}

class FakeThread implements Thread {
  sentCount = 0
  isStopped = false
  readonly #patience: () => number
  readonly #life: number
  readonly #answers: unknown[] = []
  #looks = 0
  #take: (message: unknown) => void = () => {}

  constructor(patience: () => number, life: number) {
    this.#patience = patience
    this.#life = life
    serveLines({
      send: (message) => void this.#answers.push(message),
      onMessage: (take) => {
        this.#take = take
      },
    })
  }

  send(message: unknown): void {
    this.sentCount++
    if (this.sentCount > this.#life) return
    // A message is a copy, and only shared memory is the same on both sides.
    this.#take(structuredClone(message))
  }

  poll(): unknown {
    if (this.#looks > 0) {
      this.#looks--
      return undefined
    }
    this.#looks = this.#patience()
    return this.#answers.shift()
  }

  async receive(): Promise<unknown> {
    if (this.#answers.length > 0) return this.#answers.shift()
    throw new Error('the thread has ended')
  }

  stop(): void {
    this.isStopped = true
  }
}
