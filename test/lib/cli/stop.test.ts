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

  it('goes to a program that runs in our place, each time', () => {
    const stop = new Stop()
    const told: number[] = []
    stop.passTo((code) => told.push(code))

    expect([stop.request(130), stop.request(143)]).toEqual([true, true])
    expect(told).toEqual([130, 143])
    expect(stop.code).toBeUndefined()
  })

  it('is not what ended a run that has done what was asked for', () => {
    const stop = new Stop()
    stop.take()
    stop.request(130)
    stop.settle()

    expect(stop.code).toBeUndefined()
  })

  it('is not waited for the second time, and keeps its first code', () => {
    const stop = new Stop()
    stop.take()
    stop.request(143)

    expect(stop.request(130)).toBe(false)
    expect(stop.code).toBe(143)
  })
})
