import { isKnown } from '../model/figure.ts'
import type { LagRow } from '../operations/lag-rows.ts'
import type { LagBy, LagSum } from '../operations/lag-sums.ts'
import { column, type Metric, type Shape } from '../output/shape.ts'

const rowLabels = ['group', 'topic', 'partition']
const sumLabels = ['group', 'topic', 'memberId', 'clientId']

export const lagShape: Shape<LagRow> = {
  version: 1,
  metrics: [
    gauge('ktool_group_lag', 'Offsets between the commit of a group and the end.', 'lag', rowLabels),
    gauge('ktool_group_committed_offset', 'What a group committed last.', 'committed', rowLabels),
    gauge('ktool_group_end_offset', 'The end that lag is counted to.', 'end', rowLabels),
    gauge('ktool_group_lost_offsets', 'Offsets that were gone before they were read.', 'lost', rowLabels),
    {
      ...gauge('ktool_group_lag_seconds', 'Age of the first unread record.', 'timeLagMs', rowLabels),
      unit: 1000,
    },
  ],
  columns: [
    column('group'),
    column('topic'),
    column('partition', { kind: 'number' }),
    column('committed', { kind: 'number' }),
    column('logStart', { kind: 'number', isInTable: false }),
    column('highWatermark', { kind: 'number', isInTable: false }),
    column('lastStable', { kind: 'number', isInTable: false }),
    column('logEnd', { kind: 'number', isInTable: false }),
    column('end', { kind: 'number' }),
    column('lag', { kind: 'number', colour: ({ lag }) => (isBehind(lag) ? 'yellow' : undefined) }),
    column('timeLagMs', { kind: 'duration', header: 'BEHIND BY', isInTable: false }),
    column('lost', { kind: 'number', colour: ({ lost }) => ((lost ?? 0) > 0 ? 'red' : undefined) }),
    column('memberId', { header: 'MEMBER', isInTable: false }),
    column('clientId', { isSpare: true, header: 'CLIENT' }),
    column('host', { isSpare: true }),
    column('reason', { folds: true }),
    column('potentialLag', { kind: 'number', isInTable: false }),
  ],
}

/** With the age of the first unread record. */
export const timedLagShape: Shape<LagRow> = {
  ...lagShape,
  columns: lagShape.columns.map((each) => (each.key === 'timeLagMs' ? { ...each, isInTable: true } : each)),
}

const sumShape: Shape<LagSum> = {
  version: 1,
  metrics: [
    gauge('ktool_group_total_lag', 'Lag of several partitions together.', 'lag', sumLabels),
    gauge('ktool_group_max_lag', 'Lag of the partition that is furthest behind.', 'maxLag', sumLabels),
    gauge('ktool_group_partitions', 'How many partitions were looked at.', 'partitions', sumLabels),
    gauge('ktool_group_partitions_without_lag', 'Of those, whose lag is not known.', 'withoutLag', sumLabels),
  ],
  columns: [
    column('group'),
    column('topic'),
    column('memberId', { header: 'MEMBER' }),
    column('clientId', { header: 'CLIENT' }),
    column('host'),
    column('partitions', { kind: 'number' }),
    column('lag', { kind: 'number', colour: ({ lag }) => (isBehind(lag) ? 'yellow' : undefined) }),
    column('maxLag', { kind: 'number' }),
    column('withoutLag', { kind: 'number' }),
  ],
}

const toldBy: Readonly<Record<LagBy, readonly string[]>> = {
  group: [],
  topic: ['topic'],
  member: ['memberId', 'clientId', 'host'],
}

function gauge(name: string, help: string, key: string, labels: readonly string[]): Metric {
  return { name, type: 'gauge', help, key, labels }
}

/** A table has no column for what a sum does not tell apart. */
export function lagSumShape(by: LagBy): Shape<LagSum> {
  const told = toldBy[by]
  const untold = Object.values(toldBy)
    .flat()
    .filter((key) => !told.includes(key))
  const columns = sumShape.columns.map((each) =>
    untold.includes(each.key) ? { ...each, isInTable: false } : each,
  )
  return { ...sumShape, columns }
}

function isBehind(lag: LagRow['lag']): boolean {
  return lag !== null && isKnown(lag) && lag.value > 0
}
