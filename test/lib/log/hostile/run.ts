import { expect } from 'vitest'
import { KtoolError } from '../../../../src/lib/errors.ts'
import { randomDraw, seedOfCommit } from '../../../random.ts'
import type { Subject } from './corpus.ts'
import { type Mutant, Mutants } from './mutants.ts'

/** KTOOL_HOSTILE=all tries every mutant; without it a part of them, which the seed chooses. */
const isWhole = process.env.KTOOL_HOSTILE === 'all'
const seed = seedOfCommit()

const MOST_MS = 50
const MOST_MEMORY_BYTES = 150 * 1024 * 1024
const LOOK_AT_MEMORY = 256

/** Says which mutants a run has chosen, so that they can be had again. */
export function sayChoice(): void {
  process.stdout.write(isWhole ? 'all mutants\n' : `mutants of KTOOL_SEED=${seed}\n`)
}

/** A test of one file may take a while where every mutant is tried. */
export const patienceMs = isWhole ? 3_600_000 : 60_000

/**
 * Puts mutants of a file to `examine`, about as many as `part` says unless all are wanted. What it throws
 * fails the test with the words that bring the mutant back; it must not take long, nor gather memory.
 */
export async function tryMutants(
  subject: Pick<Subject, 'name' | 'bytes'>,
  part: number,
  examine: (mutant: Mutant) => void | Promise<void>,
): Promise<void> {
  const draw = randomDraw(seed)
  const garbage = Buffer.from(Array.from({ length: 1024 }, () => Math.floor(draw() * 256)))
  const mutants = new Mutants(subject.bytes, garbage)
  const step = isWhole ? 1 : Math.max(1, Math.floor(mutants.count / part))
  const memory = residentBytes()
  let tried = 0
  for (let index = 0; index < mutants.count; index += isWhole ? 1 : 1 + Math.floor(draw() * 2 * step)) {
    const mutant = mutants.at(index)
    try {
      await inTime(() => examine(mutant))
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`KTOOL_SEED=${seed}, ${subject.name}, mutant ${index}, ${mutant.how}: ${message}`, {
        cause,
      })
    }
    if (++tried % LOOK_AT_MEMORY === 0) expect(residentBytes() - memory).toBeLessThan(MOST_MEMORY_BYTES)
  }
  expect(tried).toBeGreaterThan(0)
}

/** Slow once may be the machine; slow three times is us. */
async function inTime(examine: () => void | Promise<void>): Promise<void> {
  let shortest = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 3 && shortest > MOST_MS; turn++) {
    const start = performance.now()
    const later = examine()
    if (later !== undefined) await later
    shortest = Math.min(shortest, performance.now() - start)
  }
  expect(shortest, 'milliseconds').toBeLessThanOrEqual(MOST_MS)
}

function residentBytes(): number {
  return process.memoryUsage.rss()
}

/** What a function returns, or the error that it may throw; any other error is a bug. */
export function outcome<T>(ask: () => T): T | KtoolError {
  try {
    return ask()
  } catch (error) {
    if (error instanceof KtoolError && error.exitCode !== 70) return error
    throw error
  }
}
