import { column, type Shape } from '../../output/shape.ts'

export interface ClockRow {
  readonly nowMs: number
  readonly aheadMs: number
}

/** The time that a local broker goes by. */
export const clockShape: Shape<ClockRow> = {
  version: 1,
  columns: [
    column('nowMs', { kind: 'moment', header: 'NOW' }),
    column('aheadMs', { kind: 'duration', header: 'AHEAD' }),
  ],
}
