import type { Random } from '../../src/lib/ports/random.ts'
import { randomDraw } from '../random.ts'

/** Chance that comes out the same for the same seed. */
export class SimRandom implements Random {
  readonly #draw: () => number

  constructor(seed: number) {
    this.#draw = randomDraw(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#draw() * limit)
  }

  between(least: number, most: number): number {
    return least + this.#draw() * (most - least)
  }

  isTrue(chance: number): boolean {
    return this.#draw() < chance
  }

  pick<T>(of: readonly T[]): T {
    const picked = of[this.below(of.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)))
  }
}
