import { describe, expect, it } from 'vitest'
import { type CommitWindow, statusOf } from '../../../src/lib/operations/commit-window.ts'

const evenly = [100_000, 200_000, 300_000, 400_000, 500_000]

/** Offsets and lags, 100 s apart; the present is 600 s. */
function seen(offsets: number[], lags: (number | null)[], more: Partial<CommitWindow> = {}): CommitWindow {
  const commits = offsets.map((offset, i) => ({ offset, lag: lags[i] ?? null, timestampMs: evenly[i] ?? 0 }))
  const currentLag = lags.at(-1) ?? 0
  const facts = { recentEnd: null, nowMs: 600_000, isPolled: false, isAbandoned: false }
  return { commits, size: offsets.length, currentLag, ...facts, ...more }
}

const moving = [1000, 2000, 3000, 4000, 5000]
const still = [1000, 1000, 1000, 1000, 1000]

// The cases that Burrow holds its own evaluator to, and those of its rules that came later.
describe('the status of a partition', () => {
  it.each([
    ['lag that was zero once is well', seen(moving, [0, 50, 100, 150, 200]), 'OK'],
    [
      'as long as the last commit is, as long is not yet too long',
      seen(moving, [0, 50, 100, 150, 200], { nowMs: 900_000 }),
      'OK',
    ],
    [
      'longer has stopped, even where lag was zero',
      seen(moving, [0, 50, 100, 150, 200], { nowMs: 1_000_000 }),
      'STOP',
    ],
    ['has stopped with lag', seen(moving, [50, 100, 150, 200, 250], { nowMs: 1_000_000 }), 'STOP'],
    ['stands still, and was up to date once', seen(still, [0, 50, 100, 150, 200]), 'OK'],
    ['stands still', seen(still, [100, 150, 200, 250, 300]), 'STALL'],
    ['stands still with the same lag', seen(still, [100, 100, 100, 100, 100]), 'STALL'],
    ['went back and is not there again', seen([1000, 2000, 3000, 1500, 1600], [9, 9, 9, 9, 9]), 'REWIND'],
    ['went back and has caught up', seen([1000, 2000, 3000, 2000, 4000], [100, 150, 200, 1250, 300]), 'OK'],
    ['is up to date now, whatever was', seen(moving, [50, 100, 150, 200, 250], { currentLag: 0 }), 'OK'],
    [
      'stopped, and was at the end of late',
      seen(moving, [0, 0, 0, 0, 0], { currentLag: 1, nowMs: 1_000_000, recentEnd: 5000 }),
      'OK',
    ],
    [
      'stopped, and there was more of late',
      seen(moving, [0, 0, 0, 0, 0], { currentLag: 931, nowMs: 1_000_000, recentEnd: 5001 }),
      'STOP',
    ],
    ['reads, and falls behind', seen(moving, [50, 100, 150, 150, 250]), 'WARN'],
    ['reads, and its lag fell once', seen(moving, [50, 100, 90, 150, 250]), 'OK'],
    ['lag that is not known does not count', seen(moving, [50, null, 100, null, 250]), 'WARN'],
  ] as const)('%s: %s is %s', (_, window, status) => {
    expect(statusOf(window, 0)).toBe(status)
  })

  it('is not known where the window is not full, or the end is not', () => {
    expect(statusOf(seen(moving, [0, 0, 0, 0, 0], { size: 6 }), 0)).toBe('UNKNOWN')
    expect(statusOf(seen(moving, [1, 1, 1, 1, 1], { currentLag: null }), 0)).toBe('UNKNOWN')
    expect(statusOf(seen([], [], { size: 0 }), 0)).toBe('UNKNOWN')
  })

  it('takes no lag that is allowed for trouble', () => {
    expect(statusOf(seen(still, [100, 100, 100, 100, 100]), 100)).toBe('OK')
    expect(statusOf(seen(still, [100, 100, 100, 100, 101]), 100)).toBe('OK')
    expect(statusOf(seen(still, [101, 101, 101, 101, 101]), 100)).toBe('STALL')
  })

  it('tells of looks only that nobody is there from that somebody stands still', () => {
    const looks = { isPolled: true, nowMs: 9_000_000 }
    expect(statusOf(seen(still, [5, 5, 5, 5, 5], { ...looks, isAbandoned: true }), 0)).toBe('STOP')
    expect(statusOf(seen(still, [5, 5, 5, 5, 5], looks), 0)).toBe('STALL')
  })
})
