import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, option, outputFlags } from '../../lib/cli/flags.ts'
import { type SizeGroup, type SizeRow, sizeGroups, topicSizes } from '../../lib/operations/topic-sizes.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Metric, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const labelsBy = {
  topic: ['topic'],
  partition: ['topic', 'partition'],
  broker: ['broker'],
} as const

const shape: Shape<SizeRow> = {
  version: 1,
  metrics: [metricBy('topic')],
  name: ({ topic, broker }) => topic ?? String(broker),
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('broker', { kind: 'number' }),
    computed('replicas', ({ replicaCount }) => replicaCount, { kind: 'number' }),
    column('sizeBytes', { kind: 'size' }),
    column('largestReplicaBytes', { kind: 'size' }),
  ],
}

export class TopicsSize extends BaseCommand {
  static override summary = 'Show what topics take on the disks of all brokers, the largest first.'

  static override description = [
    'SIZE adds up every replica, as its broker counts it: the segments, without indexes. --by says whether a row is a',
    'topic, a partition, or a broker. A broker that does not answer is a failure, exit 1, and its replicas are missing.',
    'From a disk: topics list --log-dir DIR.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics size -b kafka1:9092',
    {
      description: 'Which partitions of it',
      command: '<%= config.bin %> topics size orders --by partition -c prod',
    },
    { description: 'Which brokers are full', command: '<%= config.bin %> topics size --by broker -c prod' },
  ]

  static override args = { topics: argumentList({ description: 'topics; all if none is given' }) }

  static override flags = {
    by: option({ options: sizeGroups, default: 'topic' as const, summary: 'What a row is.' })(),
    ...clusterFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsSize)
    const { state } = await openCluster(flags, this.surroundings)
    const { rows, failures } = await state.logDirs(undefined, args.topics)
    const labels: readonly string[] = labelsBy[flags.by]
    const hidden = ['topic', 'partition', 'broker'].filter((key) => !labels.includes(key))
    const columns = shape.columns.map((each) =>
      hidden.includes(each.key) ? { ...each, isInTable: false } : each,
    )
    const metrics = [metricBy(flags.by)]
    return list({ ...shape, columns, metrics }, topicSizes(rows, flags.by), { failures })
  }
}

/** A name for each, or a sum over what was collected would count replicas twice. */
function metricBy(by: SizeGroup): Metric {
  return {
    name: `ktool_${by}_size_bytes`,
    type: 'gauge',
    help: 'What replicas take on the disks of all brokers.',
    key: 'sizeBytes',
    labels: labelsBy[by],
  }
}
