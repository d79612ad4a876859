import type { Figure } from '../model/figure.ts'
import { type Column, column } from '../output/shape.ts'

type Numbers = readonly number[] | Figure<readonly number[]>

interface Led {
  readonly topic: string
  readonly partition: number
  readonly leader: number | null | Figure
}

interface Copied {
  readonly replicas: Numbers
  readonly isr: Numbers
}

/** Which partition it is, and who leads it. */
export function ledColumns<Row extends Led>(): Column<Row>[] {
  return [column('topic'), column('partition', { kind: 'number' }), column('leader', { kind: 'number' })]
}

/** Who has it, and who of them all of it. */
export function copiedColumns<Row extends Copied>(): Column<Row>[] {
  return [column('replicas'), column('isr')]
}
