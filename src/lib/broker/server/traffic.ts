/** A rate is that of so many seconds, and the one under way. */
const WINDOW_SECONDS = 10

interface Sums {
  readonly second: number
  readonly requests: number
  readonly receivedBytes: number
  readonly sentBytes: number
}

export interface TrafficRates {
  readonly requestsPerSecond: number
  readonly receivedBytesPerSecond: number
  readonly sentBytesPerSecond: number
}

/** What a server has done, and how fast of late. */
export class Traffic {
  readonly #byApi = new Map<string, number>()
  /** As they were when their second began; the oldest first. */
  #sums: Sums[] = []
  #second = -1
  #requests = 0
  #receivedBytes = 0
  #sentBytes = 0

  asked(api: string, sizeBytes: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#second) this.#turn(second)
    this.#requests++
    this.#receivedBytes += sizeBytes
    this.#byApi.set(api, (this.#byApi.get(api) ?? 0) + 1)
  }

  told(sizeBytes: number): void {
    this.#sentBytes += sizeBytes
  }

  /** Requests by API, the most frequent first. */
  get requestsByApi(): [api: string, requests: number][] {
    return [...this.#byApi].sort(([, a], [, b]) => b - a)
  }

  rates(nowMs: number): TrafficRates {
    const now = nowMs / 1000
    const [from] = this.#sums.filter(({ second }) => second >= now - WINDOW_SECONDS)
    const seconds = from === undefined ? 1 : Math.max(1, now - from.second)
    const since = (total: number, before: number | undefined) =>
      before === undefined ? 0 : (total - before) / seconds
    return {
      requestsPerSecond: since(this.#requests, from?.requests),
      receivedBytesPerSecond: since(this.#receivedBytes, from?.receivedBytes),
      sentBytesPerSecond: since(this.#sentBytes, from?.sentBytes),
    }
  }

  #turn(second: number): void {
    this.#second = second
    const { requests, receivedBytes, sentBytes } = {
      requests: this.#requests,
      receivedBytes: this.#receivedBytes,
      sentBytes: this.#sentBytes,
    }
    this.#sums.push({ second, requests, receivedBytes, sentBytes })
    this.#sums = this.#sums.filter((sums) => sums.second >= second - WINDOW_SECONDS)
  }
}
