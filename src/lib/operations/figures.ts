import { type Figure, isKnown } from '../model/figure.ts'

export type Offset = number | bigint

/** Exact, however large the two are. */
export function difference(a: Offset, b: Offset): Offset {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return narrowed(BigInt(a) - BigInt(b))
}

/** What is known of them together; nothing known is null. A sum without some of its parts is at least that. */
export function sumOf(figures: readonly (Figure | null)[]): Figure | null {
  const known = figures.filter((figure) => figure !== null).filter(isKnown)
  const [first] = known
  if (first === undefined) return null
  const value = narrowed(known.reduce((sum, { value }) => sum + BigInt(value), 0n))
  const isWhole = known.length === figures.length
  const isExact = isWhole && known.every(({ bound }) => bound === 'exact')
  if (isExact) return { value, from: first.from, bound: 'exact' }
  const missing = figures.length - known.length
  return {
    value,
    from: first.from,
    bound: 'atLeast',
    ...(missing === 0 ? {} : { reason: `without ${missing} of ${figures.length}, which are not known` }),
  }
}

export function largestOf(figures: readonly (Figure | null)[]): Figure | null {
  const known = figures.filter((figure) => figure !== null).filter(isKnown)
  return known.reduce<Figure | null>(
    (largest, figure) =>
      largest !== null && isKnown(largest) && largest.value >= figure.value ? largest : figure,
    null,
  )
}

function narrowed(value: bigint): Offset {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
