import { describe, expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { History, type Lived } from './history.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)
/** More of them: KTOOL_COMPACTIONS=5000. */
const count = Number(process.env.KTOOL_COMPACTIONS ?? 40)

describe(`compacted logs whose broker dies at any change of its disk, seed ${seed}`, () => {
  it(
    'have the last value of each key, nothing that was deleted or aborted, and every offset once',
    async () => {
      let cleanings = 0
      let gone = 0
      for (let i = 0; i < count; i++) {
        const lived = await liveOf(Math.floor(draw() * 2 ** 31))
        cleanings += lived.cleanings
        gone += lived.gone
      }
      expect(cleanings).toBeGreaterThan(count)
      expect(gone).toBeGreaterThan(count)
    },
    60_000 + count * 1000,
  )
})

async function liveOf(history: number): Promise<Lived> {
  try {
    return await new History(history).live()
  } catch (cause) {
    throw new Error(`history ${history} went wrong`, { cause })
  }
}
