import type { Figure, UnknownFigure } from '../../model/figure.ts'

/** As the broker said it, just now. */
export function exact<T = number | bigint>(value: T): Figure<T> {
  return { value, from: 'broker', bound: 'exact' }
}

export function unknown(reason: string): UnknownFigure {
  return { unknown: true, reason }
}
