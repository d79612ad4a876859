import { FailedError } from '../../../src/lib/errors.ts'
import type { Figure } from '../../../src/lib/model/figure.ts'
import type { ItemFailure } from '../../../src/lib/model/outcome.ts'
import { column, computed, type Shape } from '../../../src/lib/output/shape.ts'

export interface Parcel {
  name: string
  offset: bigint
  lag: Figure
  sizeBytes: number
  writtenMs: number
  isInternal: boolean
  replicas: number[]
  note: string | null
}

export const nowMs = Date.parse('2026-01-15T12:00:00Z')

/** One of each kind of column. */
export const parcels: Shape<Parcel> = {
  version: 1,
  columns: [
    column('name'),
    column('offset', { kind: 'number' }),
    column('lag', { kind: 'number', colour: ({ lag }) => ('unknown' in lag ? 'red' : undefined) }),
    column('sizeBytes', { kind: 'size' }),
    column('writtenMs', { kind: 'time' }),
    column('isInternal', { header: 'INTERNAL' }),
    column('replicas'),
    computed('leader', ({ replicas }) => replicas[0], { kind: 'number', isInTable: false }),
    column('note', { folds: true }),
  ],
  name: ({ name }) => name,
  metrics: [
    { name: 'ktool_parcel_lag', type: 'gauge', help: 'Records not read yet.', key: 'lag', labels: ['name'] },
    {
      name: 'ktool_parcel_offset',
      type: 'counter',
      help: 'Where it is.',
      key: 'offset',
      labels: ['name', 'isInternal'],
    },
  ],
}

export const orders: Parcel = {
  name: 'orders',
  offset: 42n,
  lag: { value: 7n, from: 'broker', bound: 'exact' },
  sizeBytes: 1_610_612_736,
  writtenMs: nowMs - 90_000,
  isInternal: false,
  replicas: [1, 2],
  note: 'plain',
}

export const odd: Parcel = {
  name: 'a "b", c\\\u001b[31m\t\u202e',
  offset: 2n ** 63n - 1n,
  lag: { value: 3, from: 'file', bound: 'atLeast' },
  sizeBytes: 0,
  writtenMs: -1,
  isInternal: true,
  replicas: [],
  note: '=1+1\nnext',
}

export const lost: Parcel = {
  name: 'no',
  offset: -1n,
  lag: { unknown: true, reason: 'no leader' },
  sizeBytes: 1,
  writtenMs: nowMs,
  isInternal: false,
  replicas: [3],
  note: null,
}

export const failure: ItemFailure = {
  item: 'gone',
  error: new FailedError('unknown-topic-or-partition', 'there is no such topic', {
    hint: 'ktool topics list',
  }),
}
