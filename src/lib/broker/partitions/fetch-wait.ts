import type { Clock } from '../../ports/clock.ts'
import { type FetchPlan, type Places, readAll, readOne } from './fetch-plan.ts'
import type { FetchResult } from './fetch-result.ts'
import type { FetchTarget } from './fetch-target.ts'
import type { Partition } from './partition.ts'

/**
 * Reads once there is enough, or something happened, or the client's patience is over. `tell` gets what was found in
 * the same turn: later a segment may have been closed, and the bytes lie in another file.
 */
export function fetchWhenEnough<T>(
  plan: FetchPlan,
  places: Places,
  { clock, gone }: { readonly clock: Clock; readonly gone: AbortSignal },
  tell: (results: FetchResult[]) => T | Promise<T>,
): T | Promise<T> {
  const results = readAll(plan, places)
  if (plan.maxWaitMs <= 0 || isEnough(plan, results)) return tell(results)
  const waiting = new Promise<void>((resolve) => {
    const wait = new FetchWait(plan, places, results)
    const finish = () => {
      cancelTimer()
      gone.removeEventListener('abort', finish)
      wait.stop()
      resolve()
    }
    const cancelTimer = clock.after(plan.maxWaitMs, finish)
    gone.addEventListener('abort', finish)
    wait.start(finish)
  })
  return waiting.then(() => tell(readAll(plan, places)))
}

function isEnough(plan: FetchPlan, results: readonly FetchResult[]): boolean {
  let sizeBytes = 0
  let isAnyHere = false
  for (const result of results) {
    if (result.isUrgent) return true
    if (result.partition !== undefined) isAnyHere = true
    sizeBytes += result.sizeBytes
  }
  return !isAnyHere || sizeBytes >= plan.minBytes
}

/** Keeps count of what has come to each partition, so that one that changes costs no look at the others. */
class FetchWait {
  readonly #plan: FetchPlan
  readonly #places: Places
  readonly #sizes: number[]
  readonly #partitions: (Partition | undefined)[]
  readonly #cancels = new Map<number, () => void>()
  #sizeBytes: number
  #enough: () => void = () => {}

  constructor(plan: FetchPlan, places: Places, results: readonly FetchResult[]) {
    this.#plan = plan
    this.#places = places
    this.#sizes = results.map((result) => result.sizeBytes)
    this.#partitions = results.map((result) => result.partition)
    this.#sizeBytes = this.#sizes.reduce((sum, size) => sum + size, 0)
  }

  start(enough: () => void): void {
    this.#enough = enough
    for (let i = 0; i < this.#partitions.length; i++) this.#watch(i)
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel()
  }

  #watch(i: number): void {
    const partition = this.#partitions[i]
    if (partition === undefined) return
    this.#cancels.set(
      i,
      partition.onceChanged(() => this.#changed(i)),
    )
  }

  #changed(i: number): void {
    const target = this.#plan.targets[i] as FetchTarget
    const result = readOne(this.#plan, target, this.#places, { maxBytes: target.maxBytes, atLeastOne: true })
    this.#sizeBytes += result.sizeBytes - (this.#sizes[i] ?? 0)
    this.#sizes[i] = result.sizeBytes
    const isGone = result.partition === undefined
    if (isGone || result.isUrgent || this.#sizeBytes >= this.#plan.minBytes) this.#enough()
    else this.#watch(i)
  }
}
