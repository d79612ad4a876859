import { partitionName } from '../model/partitions.ts'
import type { LagRow } from '../operations/lag-rows.ts'
import type { PartitionNow } from '../operations/top/partition-round.ts'
import { type BrokerNow, type GroupNow, isUnhealthy, type TopicNow } from '../operations/top/top-rows.ts'
import { type Column, column, computed, type Shape } from '../output/shape.ts'
import { lagShape, lagSumShape } from './lag-shape.ts'
import { copiedColumns, ledColumns } from './partition-columns.ts'

const groupKeys = ['group', 'partitions', 'lag', 'maxLag', 'withoutLag']

export const brokerShape: Shape<BrokerNow> = {
  version: 1,
  name: ({ broker }) => String(broker),
  columns: [
    column('broker', { kind: 'number' }),
    column('listener'),
    column('rack', { isSpare: true }),
    column('leaders', { kind: 'number' }),
    column('replicas', { kind: 'number' }),
    column('outOfSync', { kind: 'number', colour: ({ outOfSync }) => (outOfSync > 0 ? 'red' : undefined) }),
    rate(),
  ],
}

export const topicShape: Shape<TopicNow> = {
  version: 1,
  name: ({ topic }) => topic,
  columns: [
    column('topic'),
    column('partitions', { kind: 'number' }),
    column('records', { kind: 'number' }),
    column('unhealthy', { kind: 'number', colour: ({ unhealthy }) => (unhealthy > 0 ? 'red' : undefined) }),
    rate(),
  ],
}

export const groupShape: Shape<GroupNow> = {
  version: 1,
  name: ({ group }) => group,
  columns: [...lagSumShape('group').columns.filter(({ key }) => groupKeys.includes(key)), rate()],
}

export const partitionShape: Shape<PartitionNow> = {
  version: 1,
  name: partitionName,
  columns: [
    ...ledColumns(),
    ...copiedColumns(),
    column('logStart', { kind: 'number', isSpare: true }),
    column('highWatermark', { kind: 'number' }),
    rate(),
    column('ailments', { colour: (row) => (isUnhealthy(row) ? 'red' : undefined) }),
  ],
}

/** Within one group its name tells nothing. */
export const groupLagShape: Shape<LagRow> = {
  ...lagShape,
  columns: lagShape.columns.filter(({ key }) => key !== 'group'),
}

function rate<Row extends { readonly perSecond: number | null }>(): Column<Row> {
  return computed(
    'perSecond',
    ({ perSecond }) => (perSecond === null ? null : Math.round(perSecond * 10) / 10),
    {
      kind: 'number',
    },
  )
}
