import type { KnownFigure } from '../../model/figure.ts'

export const WRITTEN = 'as last written to the metadata log'

/** Something that the metadata log said when it was last written to. */
export function asWritten<T>(value: T, reason = WRITTEN): KnownFigure<T> {
  return { value, from: 'file', bound: 'asOf', reason }
}
