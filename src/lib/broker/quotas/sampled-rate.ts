/** How many windows of what length a rate is taken over. */
export interface Windows {
  readonly count: number
  readonly sizeMs: number
}

interface Sample {
  startMs: number
  lastEventMs: number
  value: number
}

/**
 * So much a second, over the last windows, by the arithmetic of Kafka's `Rate` and `SampledStat`: throttle times follow
 * from it to the millisecond.
 */
export class SampledRate {
  readonly #windows: Windows
  readonly #samples: Sample[] = []
  #current = 0

  constructor(windows: Windows) {
    this.#windows = windows
  }

  record(value: number, nowMs: number): void {
    let sample = this.#samples[this.#current] ?? this.#begin(nowMs)
    if (nowMs - sample.startMs >= this.#windows.sizeMs) sample = this.#advance(nowMs)
    sample.value += value
    sample.lastEventMs = nowMs
  }

  perSecond(nowMs: number): number {
    const windowMs = this.windowMs(nowMs)
    const sum = this.#samples.reduce((total, { value }) => total + value, 0)
    return sum / (windowMs / 1000)
  }

  /** A rate that has just begun counts as if all windows but the last had passed: a first burst is no excess. */
  windowMs(nowMs: number): number {
    const { count, sizeMs } = this.#windows
    this.#forget(nowMs)
    if (this.#samples.length === 0) this.#begin(nowMs)
    const elapsedMs = nowMs - Math.min(...this.#samples.map(({ startMs }) => startMs))
    const missing = Math.max(0, count - 1 - Math.floor(elapsedMs / sizeMs))
    return Math.max(elapsedMs + missing * sizeMs, 1)
  }

  #begin(nowMs: number): Sample {
    const sample = { startMs: nowMs, lastEventMs: nowMs, value: 0 }
    this.#samples.push(sample)
    return sample
  }

  /** One sample more than there are windows: the oldest may reach into the first of them. */
  #advance(nowMs: number): Sample {
    this.#current = (this.#current + 1) % (this.#windows.count + 1)
    const sample = this.#samples[this.#current]
    return sample === undefined ? this.#begin(nowMs) : reset(sample, nowMs)
  }

  #forget(nowMs: number): void {
    const { count, sizeMs } = this.#windows
    for (const sample of this.#samples) if (nowMs - sample.lastEventMs >= count * sizeMs) reset(sample, nowMs)
  }
}

function reset(sample: Sample, nowMs: number): Sample {
  sample.startMs = nowMs
  sample.lastEventMs = nowMs
  sample.value = 0
  return sample
}
