import { describe, expect, it } from 'vitest'
import { Stop } from '../../../src/lib/cli/stop.ts'

describe('a request to stop', () => {
  it('is not waited for when nobody has anything to put in order', () => {
    const stop = new Stop()
    expect(stop.request(130)).toBe(false)
    expect(stop.code).toBe(130)
  })

  it('is told to whoever took the signal, who is then waited for', () => {
    const stop = new Stop()
    const signal = stop.take()

    expect(signal.aborted).toBe(false)
    expect(stop.request(143)).toBe(true)
    expect(signal.aborted).toBe(true)
  })

  it('is not waited for the second time, and keeps its first code', () => {
    const stop = new Stop()
    stop.take()
    stop.request(143)

    expect(stop.request(130)).toBe(false)
    expect(stop.code).toBe(143)
  })
})
