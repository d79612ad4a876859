import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import type { BrokerState } from '../../lib/model/cluster-state.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const shape: Shape<BrokerState> = {
  version: 1,
  name: ({ id }) => String(id),
  columns: [
    column('id', { kind: 'number', header: 'BROKER' }),
    column('host'),
    column('port', { kind: 'number' }),
    column('rack'),
    computed('state', stateOf, { colour: (row) => (stateOf(row) === 'up' ? undefined : 'red') }),
    computed('controller', ({ isController }) => isController),
    computed('leaders', ({ leaderCount }) => leaderCount, { kind: 'number' }),
    computed('replicas', ({ replicaCount }) => replicaCount, { kind: 'number' }),
    column('kafka'),
    computed('reason', ({ error }) => error?.message ?? null, { isInTable: false }),
  ],
}

export class ClusterBrokers extends BaseCommand {
  static override summary = 'List the brokers of a cluster, and what each has to do.'

  static override description = [
    'Each is asked: one that does not answer is `silent`, one that has registered and may not lead is `fenced`, one',
    'that has replicas and that nobody sees is `gone`. LEADERS and REPLICAS count partitions. KAFKA is a guess from what',
    'a broker serves, since none says its version. Any that did not answer is a failure, exit 1.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster brokers -b kafka1:9092',
    {
      description: 'Who leads more than a hundred partitions',
      command:
        "<%= config.bin %> cluster brokers -c prod -o json | jq '.items[] | select(.leaders > 100).id'",
    },
  ]

  static override flags = { ...clusterFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(ClusterBrokers)
    const { state, views } = await openCluster(flags, this.surroundings)
    const rows = await state.brokers()
    const failures = rows.flatMap(({ id, error }) =>
      error === null ? [] : [{ item: `broker ${id}`, error }],
    )
    return list(shape, rows, { failures, notes: views.notes() })
  }
}

function stateOf({ host, isFenced, error }: BrokerState): 'up' | 'fenced' | 'gone' | 'silent' {
  if (isFenced === true) return 'fenced'
  if (host === null) return 'gone'
  return error === null ? 'up' : 'silent'
}
