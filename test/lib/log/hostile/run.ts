import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { KtoolError } from '../../../../src/lib/errors.ts'
import { randomDraw, seedOfCommit } from '../../../random.ts'
import type { Subject } from './corpus.ts'
import { type Mutant, Mutants, type Ways } from './mutants.ts'

/** KTOOL_HOSTILE=all tries every mutant; without it a part of them, which the seed chooses. */
const isWhole = process.env.KTOOL_HOSTILE === 'all'
const seed = seedOfCommit()

const MOST_MS = 50
const MOST_TURNS = 8
const BETWEEN_TURNS_MS = 20
const MOST_MEMORY_BYTES = 150 * 1024 * 1024
const LOOK_AT_MEMORY = 256

/** Says which mutants a run has chosen, so that they can be had again. */
export function sayChoice(): void {
  process.stdout.write(isWhole ? 'all mutants\n' : `mutants of KTOOL_SEED=${seed}\n`)
}

/** A test of one file may take a while where every mutant is tried. */
export const patienceMs = isWhole ? 3_600_000 : 60_000

/** How many mutants are enough; and what the whole of them is, or how many stand for it where it takes too long. */
export interface Amount {
  readonly part: number
  readonly whole: Ways | number
}

/**
 * Puts mutants of a file to `examine`, about as many as `part` says unless all are wanted. What it throws
 * fails the test with the words that bring the mutant back; it must not take long, nor gather memory.
 */
export async function tryMutants(
  subject: Pick<Subject, 'name' | 'bytes'>,
  amount: number | Amount,
  examine: (mutant: Mutant) => void | Promise<void>,
): Promise<void> {
  const { part, whole } = typeof amount === 'number' ? { part: amount, whole: 'every way' as const } : amount
  const wanted = isWhole ? whole : part
  const isEach = typeof wanted === 'string'
  const draw = randomDraw(seed)
  const garbage = Buffer.from(Array.from({ length: 1024 }, () => Math.floor(draw() * 256)))
  const mutants = new Mutants(subject.bytes, garbage, isEach ? wanted : 'every way')
  const step = isEach ? 1 : Math.max(1, Math.floor(mutants.count / wanted))
  const memory = residentBytes()
  let tried = 0
  for (let index = 0; index < mutants.count; index += isEach ? 1 : 1 + Math.floor(draw() * 2 * step)) {
    const mutant = mutants.at(index)
    try {
      await inTime(() => examine(mutant))
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`KTOOL_SEED=${seed}, ${subject.name}, mutant ${index}, ${mutant.how}: ${message}`, {
        cause,
      })
    }
    if (++tried % LOOK_AT_MEMORY === 0) {
      // Node lets go of what unpacked something only between the turns of its loop.
      await nextTurn()
      expect(residentBytes() - memory).toBeLessThan(MOST_MEMORY_BYTES)
    }
  }
  expect(tried).toBeGreaterThan(0)
}

/**
 * Slow once may be the machine, or a collection that other tests in this process have left to do; slow each time, with
 * time between for both, is us. Others may want the processor too: its time counts.
 */
async function inTime(examine: () => void | Promise<void>): Promise<void> {
  let shortest = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < MOST_TURNS && shortest > MOST_MS; turn++) {
    if (turn > 0) await setTimeout(turn * BETWEEN_TURNS_MS)
    const start = process.cpuUsage()
    const later = examine()
    if (later !== undefined) await later
    const { user, system } = process.cpuUsage(start)
    shortest = Math.min(shortest, (user + system) / 1000)
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

/** The same of what comes later. */
export async function outcomeLater<T>(ask: () => Promise<T>): Promise<T | KtoolError> {
  try {
    return await ask()
  } catch (error) {
    return outcome(() => {
      throw error
    })
  }
}
