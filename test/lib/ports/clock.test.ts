import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../src/lib/ports/clock.ts'

const clock = systemClock(() => process.hrtime())

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'Date'] }))
  afterEach(() => void vi.useRealTimers())

  it('runs once, when the time has come', () => {
    const run = vi.fn()
    clock.after(20, run)
    vi.advanceTimersByTime(19)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('can be called off', () => {
    const run = vi.fn()
    const cancel = clock.after(20, run)
    vi.advanceTimersByTime(19)
    cancel()
    vi.advanceTimersByTime(1000)
    expect(run).not.toHaveBeenCalled()
  })

  it('waits longer than one of Node’s timers can, and can be called off after the first', () => {
    const run = vi.fn()
    const days = 24 * 60 * 60 * 1000
    // A spy would put the faked timer back once the real one has returned.
    const delaysMs: number[] = []
    const faked = globalThis.setTimeout
    const noting = (end: () => void, delayMs = 0) => {
      delaysMs.push(delayMs)
      return faked(end, delayMs)
    }
    globalThis.setTimeout = noting as typeof setTimeout
    clock.after(30 * days, run)
    const cancel = clock.after(30 * days, run)
    vi.advanceTimersByTime(29 * days)
    expect(run).not.toHaveBeenCalled()
    cancel()
    vi.advanceTimersByTime(days)
    expect(run).toHaveBeenCalledTimes(1)
    expect(Math.max(...delaysMs)).toBe(2 ** 31 - 1)
    globalThis.setTimeout = faked
  })

  it('waits again when a timer fires before its time', () => {
    const run = vi.fn()
    let isEarly = false
    const [seconds, nanoseconds] = process.hrtime()
    systemClock(() => (isEarly ? [seconds, nanoseconds + 9.2e6] : process.hrtime())).after(10, run)
    isEarly = true
    vi.advanceTimersByTime(10)
    expect(run).not.toHaveBeenCalled()
    isEarly = false
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('tells the time of day, and time that only grows', () => {
    vi.setSystemTime(1_700_000_000_000)
    expect(clock.nowMs()).toBe(1_700_000_000_000)
    const before = clock.monotonicMs()
    vi.setSystemTime(0)
    vi.advanceTimersByTime(5)
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(5)
  })
})
