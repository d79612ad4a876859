import { execFileSync } from 'node:child_process'

/**
 * Seeds for tests that choose at random. A run draws one from the clock and prints it with its results;
 * KTOOL_SEED=<seed> brings the same choices back.
 */
export function seedOfRun(): number {
  const given = process.env.KTOOL_SEED
  return given === undefined ? Date.now() % 2 ** 31 : Number(given)
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomDraw(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * The seed of a test whose choices shall stay while nobody changes anything, and move on with every commit:
 * that which is checked out. Where there is no commit to be seen, one from the clock.
 */
export function seedOfCommit(): number {
  if (process.env.KTOOL_SEED !== undefined) return seedOfRun()
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] })
    return Number.parseInt(commit.toString().slice(0, 7), 16)
  } catch {
    return seedOfRun()
  }
}
