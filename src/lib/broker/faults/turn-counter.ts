import type { FaultTurns } from './fault-rule.ts'

/** Which of the requests that a rule concerns it strikes, by count, by time and by chance. */
export class TurnCounter {
  readonly #turns: FaultTurns
  readonly #sinceMs: number
  #state: number
  matched = 0
  applied = 0

  constructor(turns: FaultTurns, nowMs: number) {
    this.#turns = turns
    this.#sinceMs = nowMs
    this.#state = turns.seed | 0
  }

  stateAt(nowMs: number): 'active' | 'spent' | 'over' {
    const { times, forMs } = this.#turns
    if (times !== null && this.applied >= times) return 'spent'
    return forMs !== null && nowMs - this.#sinceMs >= forMs ? 'over' : 'active'
  }

  /** The rule is active, and one more request concerns it. */
  takes(): boolean {
    const { skip, every, probability } = this.#turns
    const behind = ++this.matched - skip
    if (behind <= 0 || behind % every !== 0) return false
    if (probability < 1 && this.draw() >= probability) return false
    this.applied++
    return true
  }

  /** From 0 up to, not including, 1: mulberry32, which is the same everywhere for the same seed. */
  draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
