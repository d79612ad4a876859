import type { Figure } from '../model/figure.ts'

/** As the broker said it, just now. */
export function exact<T = number | bigint>(value: T): Figure<T> {
  return { value, from: 'broker', bound: 'exact' }
}
