import { describe, expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../random.ts'
import { runSingleNode, type Scenario } from './single-node.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)
/** More of them: KTOOL_SIMULATIONS=100. */
const count = Number(process.env.KTOOL_SIMULATIONS ?? 1)
const seeds = Array.from({ length: count }, () => Math.floor(draw() * 2 ** 31))

/** A second or so each, and far more on a machine that has other things to do. */
const PATIENCE_MS = 120_000 * count

const scenarios: readonly (Omit<Scenario, 'seed'> & { readonly title: string })[] = [
  {
    title: 'loses nothing that it acknowledged when it is killed',
    flush: 'interval',
    deaths: ['kill', 'kill', 'stop', 'kill'],
  },
  {
    title: 'loses nothing that it acknowledged in a power cut, where each acknowledgement waits for the disk',
    flush: 'ack',
    deaths: ['power', 'power', 'kill', 'power'],
  },
  {
    title: 'loses no more than a second in a power cut, where the disk is flushed every second',
    flush: 'interval',
    deaths: ['power', 'kill', 'power'],
  },
  {
    title: 'loses nothing that it acknowledged in a power cut while partitions move between its directories',
    flush: 'ack',
    deaths: ['power', 'kill', 'power'],
    dataDirs: ['/data', '/more'],
  },
]

describe(`a simulated broker, seed ${seed}`, () => {
  it.each(scenarios)(
    '$title',
    async ({ flush, deaths, dataDirs = ['/data'] }) => {
      for (const each of seeds) {
        const outcome = await runSingleNode({ seed: each, flush, deaths, dataDirs })
        expect(outcome.faults, `seed ${each}`).toEqual([])
        expect(outcome.written, `seed ${each}`).toBeGreaterThan(20)
        expect(outcome.committed, `seed ${each}`).toBeGreaterThan(5)
        if (dataDirs.length > 1) expect(outcome.moved, `seed ${each}`).toBeGreaterThan(5)
      }
    },
    PATIENCE_MS,
  )

  it(
    'does the very same for the same seed',
    async () => {
      const scenario: Scenario = { seed: seeds[0] ?? 1, flush: 'ack', deaths: ['kill', 'power'] }
      const [once, again] = [await runSingleNode(scenario), await runSingleNode(scenario)]
      expect(again).toEqual(once)
      expect((await runSingleNode({ ...scenario, seed: scenario.seed + 1 })).digest).not.toBe(once.digest)
    },
    PATIENCE_MS,
  )
})
