/** Kafka forgets what nobody recorded to for so long. */
const EXPIRY_MS = 3_600_000
const SWEEP_MS = 30_000

interface Kept<T> {
  readonly sensor: T
  usedMs: number
}

/** What is counted for each sharer of a quota. Client ids are whatever clients make up, so they are forgotten again. */
export class Sensors<T> {
  readonly #make: () => T
  readonly #kept = new Map<string, Kept<T>>()
  #sweptMs = 0

  constructor(make: () => T) {
    this.#make = make
  }

  get size(): number {
    return this.#kept.size
  }

  get(key: string, nowMs: number): T {
    const known = this.#kept.get(key)
    if (known !== undefined) {
      known.usedMs = nowMs
      return known.sensor
    }
    this.#sweep(nowMs)
    const sensor = this.#make()
    this.#kept.set(key, { sensor, usedMs: nowMs })
    return sensor
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < SWEEP_MS) return
    this.#sweptMs = nowMs
    for (const [key, { usedMs }] of this.#kept) if (nowMs - usedMs > EXPIRY_MS) this.#kept.delete(key)
  }
}
