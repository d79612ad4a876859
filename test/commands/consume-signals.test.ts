import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Consume } from '../../src/commands/consume.ts'
import { perform } from '../../src/lib/cli/perform.ts'
import { fakeSurroundings } from '../lib/cli/surroundings.ts'

const logdirs = fileURLToPath(new URL('../golden/disk/logdirs/', import.meta.url))

it('consume lets signals in on a long way through a log', async () => {
  const { surroundings } = fakeSurroundings()
  let nowMs = 0
  let turns = 0
  const clock = {
    nowMs: () => nowMs,
    // A batch takes as long here as thousands do elsewhere.
    monotonicMs: () => (nowMs += 20),
    after(_delayMs: number, run: () => void) {
      turns += 1
      run()
      return () => {}
    },
  }
  const argv = ['orders', '--log-dir', `${logdirs}kraft-431/data0`, '--log-dir', `${logdirs}kraft-431/data1`]
  expect(await perform(Consume, { id: 'consume', argv }, { ...surroundings, clock })).toBe(0)
  expect(turns).toBeGreaterThan(0)
})
