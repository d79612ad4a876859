import type { Shape } from './shape.ts'
import type { Writer } from './writer.ts'

/** A name a line, for `xargs` and `while read`. */
export function nameWriter(name: NonNullable<Shape<unknown>['name']>): Writer {
  return {
    keepsFailures: false,
    head: () => '',
    rows: (rows) => rows.map((row) => `${name(row)}\n`).join(''),
    tail: () => '',
  }
}
