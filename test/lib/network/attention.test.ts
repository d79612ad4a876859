import { describe, expect, it } from 'vitest'
import { Attention } from '../../../src/lib/network/attention.ts'

/** A loop that comes round every 2 µs while somebody wants it to. */
class Loop {
  readonly attention: Attention
  turns = 0
  #ms = 1000
  #next: (() => void) | null = null

  constructor() {
    this.attention = new Attention({
      nowMs: () => this.#ms,
      next: (run) => {
        expect(this.#next, 'two at once').toBeNull()
        this.#next = run
      },
      dwell: (untilMs) => {
        this.#ms = Math.max(this.#ms, untilMs)
      },
    })
  }

  get isAwake(): boolean {
    return this.#next !== null
  }

  get ms(): number {
    return this.#ms
  }

  pass(microseconds: number): void {
    const untilMs = this.#ms + microseconds / 1000
    while (this.#ms < untilMs) {
      this.#ms += 0.002
      const run = this.#next
      this.#next = null
      if (run !== null) this.turns++
      run?.()
    }
  }

  /** A request that takes 20 µs. Whether the loop was awake to see it come. */
  request(): boolean {
    const { isAwake } = this
    this.attention.arrived()
    this.#ms += 0.02
    this.attention.served()
    return isAwake
  }
}

describe('a loop that pays attention', () => {
  it('sleeps after the first request of a client', () => {
    const loop = new Loop()
    loop.request()
    expect(loop.isAwake).toBe(false)
  })

  it('is awake for the next request of one that asks as soon as it can', () => {
    const loop = new Loop()
    loop.request()
    // It had to be woken.
    loop.pass(80)
    expect(loop.request()).toBe(false)
    for (let i = 0; i < 5; i++) {
      loop.pass(15)
      expect(loop.request()).toBe(true)
    }
  })

  it('sleeps again when nothing has come for a moment', () => {
    const loop = new Loop()
    loop.request()
    loop.pass(20)
    loop.request()
    loop.pass(48)
    expect(loop.isAwake).toBe(true)
    loop.pass(10)
    expect(loop.isAwake).toBe(false)
  })

  it('looks less often the longer it has looked, and never much too late', () => {
    const loop = new Loop()
    loop.request()
    loop.pass(20)
    loop.request()
    const servedMs = loop.ms
    while (loop.isAwake) {
      const before = loop.ms
      loop.pass(2)
      expect(loop.ms - before).toBeLessThan(0.0021 + 0.2 * (loop.ms - servedMs))
    }
    expect(loop.turns).toBeGreaterThan(5)
    expect(loop.turns).toBeLessThan(12)
  })

  it('does not wait for a client that has other things to do', () => {
    const loop = new Loop()
    for (let i = 0; i < 5; i++) {
      expect(loop.request()).toBe(false)
      loop.pass(300)
    }
    expect(loop.turns).toBe(0)
  })

  it('waits less and less often for one that always comes a little too late', () => {
    const loop = new Loop()
    for (let i = 0; i < 10_000; i++) {
      loop.request()
      loop.pass(70)
    }
    const perRequest = loop.turns / 10_000
    expect(perRequest).toBeGreaterThan(0)
    expect(perRequest).toBeLessThan(0.2)
  })

  it('comes back to one that has become prompt', () => {
    const loop = new Loop()
    for (let i = 0; i < 1000; i++) {
      loop.request()
      loop.pass(70)
    }
    let seen = 0
    for (let i = 0; i < 1000; i++) {
      if (loop.request()) seen++
      loop.pass(15)
    }
    expect(seen).toBeGreaterThan(740)
  })
})
