import { describe, expect, test } from 'vitest'
import { truncationOf } from '../../../../src/lib/log/diff/truncation.ts'

const log = (logEndOffset: number, epochs: [number, number][], highWatermark: number | null = null) => ({
  logEndOffset,
  highWatermark,
  epochs: epochs.map(([epoch, startOffset]) => ({ epoch, startOffset })),
})

describe('where a follower cuts its log', () => {
  test('is its end where it knows all that the leader knows', () => {
    expect(truncationOf(log(40, [[0, 0]]), log(65, [[0, 0]]))).toBe(40)
    expect(truncationOf(log(65, [[0, 0]]), log(40, [[0, 0]]))).toBe(40)
  })

  test('is where the leader went on with a newer epoch', () => {
    const old = log(50, [[0, 0]])
    const young = log(42, [
      [0, 0],
      [2, 30],
    ])
    expect(truncationOf(old, young)).toBe(30)
    expect(truncationOf(young, old)).toBe(30)
  })

  // The scenario of KIP-279: two fast leader changes, neither log has the other's epochs.
  test('is found in rounds where each has epochs that the other never saw', () => {
    const leader = log(60, [
      [1, 0],
      [3, 20],
      [6, 45],
    ])
    const follower = log(70, [
      [1, 0],
      [4, 30],
      [5, 50],
    ])
    // 5 is answered with 3 up to 45, then 1 with 20.
    expect(truncationOf(follower, leader)).toBe(20)
  })

  test('is the high watermark where one of them knows no epochs', () => {
    expect(truncationOf(log(50, [], 37), log(60, [[0, 0]]))).toBe(37)
    expect(truncationOf(log(50, [[0, 0]], 37), log(60, []))).toBe(37)
    expect(truncationOf(log(50, []), log(60, [[0, 0]]))).toBeNull()
  })

  test('is found in a damaged file of epochs too', () => {
    const damaged = log(50, [
      [5, 40],
      [3, 90],
      [3, 90],
      [9, 0],
    ])
    expect(truncationOf(damaged, log(60, [[2, 0]]))).toBeTypeOf('number')
    expect(truncationOf(log(60, [[2, 0]]), damaged)).toBeTypeOf('number')
  })
})
