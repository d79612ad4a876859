import { describe, expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../random.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { runSingleNode } from './single-node.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)
/** More of them: KTOOL_SIMULATIONS=100. */
const count = Number(process.env.KTOOL_SIMULATIONS ?? 1)
const seedsOf = ({ stories = 1 }: Scenario) =>
  Array.from({ length: count * stories }, () => Math.floor(draw() * 2 ** 31))
const long = scenarios.filter(({ isLong }) => isLong === true)
const told = scenarios.filter(
  (each) => count > 1 || !long.includes(each) || each === long[seed % long.length],
)

/** A second or so a story, and far more on a machine that has other things to do. */
const PATIENCE_MS = 120_000 * count

describe(`a simulated broker, seed ${seed}`, () => {
  it.each(told)(
    '$title',
    async (scenario) => {
      for (const each of seedsOf(scenario)) {
        const outcome = await runSingleNode(scenario, each)
        expect(outcome.faults, `seed ${each}`).toEqual([])
        expect(outcome.written, `seed ${each}`).toBeGreaterThan(20)
        expect(outcome.committed, `seed ${each}`).toBeGreaterThan(5)
        const least = {
          moved: scenario.dataDirs,
          compacted: scenario.compacts,
          topicsMade: scenario.changesTopics,
          accepted: scenario.sharesRecords,
        }
        for (const what of Object.keys(least) as (keyof typeof least)[]) {
          if (least[what]) expect(outcome[what], `${what}, seed ${each}`).toBeGreaterThan(5)
        }
      }
    },
    PATIENCE_MS,
  )

  it(
    'does the very same for the same seed',
    async () => {
      const scenario: Scenario = { title: 'short', flush: 'ack', deaths: ['kill', 'power'] }
      const run = (more: number) => runSingleNode(scenario, seed + more)
      const once = await run(0)
      expect(await run(0)).toEqual(once)
      expect((await run(1)).digest).not.toBe(once.digest)
    },
    PATIENCE_MS,
  )
})
