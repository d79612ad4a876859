import { randomBytes, randomInt } from 'node:crypto'

/** Chance: ids, salts, jitter. Everything else random is derived from these two. */
export interface Random {
  bytes(count: number): Buffer
  /** A whole number from 0 up to, not including, `limit` (at most 2⁴⁸). */
  below(limit: number): number
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  below: (limit) => randomInt(limit),
}
