import type { Int64 } from '../../bytes/int64.ts'
import type { Figure, KnownFigure } from '../../model/figure.ts'
import type { CheckpointBounds } from './log-bounds.ts'

/** An offset is the plain fact unless a note says what it is. */
export function boundFigure(value: Int64, note: string | null, bound: KnownFigure['bound']): Figure {
  return note === null
    ? { value, from: 'file', bound: 'exact' }
    : { value, from: 'file', bound, reason: note }
}

/** One that is written down can only have moved on since; the log end in its place may be too far. */
export function watermarkBound({ highWatermark }: CheckpointBounds): KnownFigure['bound'] {
  return highWatermark === undefined ? 'asOf' : 'atLeast'
}
