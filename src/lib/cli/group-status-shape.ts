import { type GroupStatusRow, type PartitionStatusRow, statusNumbers } from '../operations/group-status.ts'
import { type Colour, column, computed, type Shape } from '../output/shape.ts'
import type { Value } from '../output/value.ts'

const colours: Readonly<Record<string, Colour>> = {
  OK: 'green',
  UNKNOWN: 'dim',
  WARN: 'yellow',
  ERR: 'red',
  STOP: 'red',
  STALL: 'red',
  REWIND: 'red',
}

const partitionColumns: Shape<PartitionStatusRow>['columns'] = [
  column('topic'),
  column('partition', { kind: 'number' }),
  column('status', { colour: ({ status }) => colours[status] }),
  column('currentLag', { kind: 'number', header: 'LAG' }),
  computed('start', ({ start }) => asValue(start), { isInTable: false }),
  computed('end', ({ end }) => asValue(end), { isInTable: false }),
  computed('committed', ({ end }) => end?.offset ?? null, { kind: 'number' }),
  computed('lastSeen', ({ end }) => end?.timestampMs ?? null, { kind: 'time' }),
  column('complete', { kind: 'number' }),
  column('owner', { isSpare: true }),
  column('clientId', { isSpare: true, header: 'CLIENT' }),
]

export const groupStatusShape: Shape<GroupStatusRow> = {
  version: 1,
  name: ({ group }) => group,
  metrics: [
    {
      name: 'ktool_group_status',
      type: 'gauge',
      help: 'By the rules of Burrow: 1 OK, 2 WARN, 3 ERR; 0 where there is not enough to tell.',
      key: 'statusNumber',
      labels: ['group'],
    },
  ],
  columns: [
    column('group'),
    column('status', { colour: ({ status }) => colours[status] }),
    computed('statusNumber', ({ status }) => statusNumbers[status], { isInTable: false }),
    column('complete', { kind: 'number' }),
    column('partitionCount', { kind: 'number', header: 'PARTITIONS' }),
    column('maxLag', { kind: 'number' }),
    column('totalLag', { kind: 'number' }),
    column('worst'),
    computed('partitions', ({ partitions }) => partitions.map(asRow), { isInTable: false }),
  ],
}

export const partitionStatusShape: Shape<PartitionStatusRow> = {
  version: 1,
  metrics: [
    {
      name: 'ktool_group_partition_status',
      type: 'gauge',
      help: 'By the rules of Burrow: 1 OK, 2 WARN, 4 STOP, 5 STALL, 6 REWIND; 0 where there is not enough to tell.',
      key: 'statusNumber',
      labels: ['group', 'topic', 'partition'],
    },
  ],
  columns: [
    column('group'),
    ...partitionColumns,
    computed('statusNumber', ({ status }) => statusNumbers[status], { isInTable: false }),
  ],
}

function asValue(seen: PartitionStatusRow['start']): Value {
  return seen === null ? null : { offset: seen.offset, timestamp: seen.timestampMs, lag: seen.lag }
}

function asRow(row: PartitionStatusRow): Value {
  return Object.fromEntries(partitionColumns.map(({ key, value }) => [key, value(row)]))
}
