import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, integer, option, outputFlags } from '../../lib/cli/flags.ts'
import { copiedColumns, ledColumns } from '../../lib/cli/partition-columns.ts'
import { PickedPartitions } from '../../lib/cli/partition-words.ts'
import { CheckFailed } from '../../lib/errors.ts'
import type { LedPartition } from '../../lib/model/leaders.ts'
import { failuresIn, foundIn } from '../../lib/model/outcome.ts'
import { partitionName } from '../../lib/model/partitions.ts'
import {
  type BrokerImbalance,
  brokerImbalances,
  isImbalanced,
  preferredLeader,
} from '../../lib/operations/imbalance.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const brokerShape: Shape<BrokerImbalance> = {
  version: 1,
  name: ({ broker }) => String(broker),
  columns: [
    column('broker', { kind: 'number' }),
    column('preferred', { kind: 'number' }),
    column('leading', { kind: 'number' }),
    column('imbalanced', {
      kind: 'number',
      colour: ({ imbalanced }) => (imbalanced > 0 ? 'yellow' : undefined),
    }),
    column('leaderless', {
      kind: 'number',
      colour: ({ leaderless }) => (leaderless > 0 ? 'red' : undefined),
    }),
    column('percent', { kind: 'number' }),
  ],
}

const partitionShape: Shape<LedPartition> = {
  version: 1,
  name: partitionName,
  columns: [
    ...ledColumns(),
    computed('preferred', preferredLeader, { kind: 'number' }),
    ...copiedColumns(),
    computed('preferredInSync', (each) => each.isr.includes(preferredLeader(each) ?? -1), {
      header: 'IN SYNC',
    }),
  ],
}

export class LeadersImbalance extends BaseCommand {
  static override summary = 'Show which brokers do not lead what they should, and what nobody leads.'

  static override description = [
    'The preferred leader of a partition is its first replica. IMBALANCED counts, of the partitions that a broker should',
    'lead, those that another leads, or nobody (LEADERLESS); PERCENT is their share. With --by partition it is those',
    'partitions themselves; one whose preferred leader is in sync can be given back to it by ktool leaders elect.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> leaders imbalance -b kafka1:9092',
    {
      description: 'The partitions of one topic that are not led as they should be',
      command: '<%= config.bin %> leaders imbalance orders --by partition -b kafka1:9092',
    },
    {
      description: 'Exit with 3 where a broker lacks more than a tenth of what it should lead',
      command: '<%= config.bin %> leaders imbalance --max 10 -b kafka1:9092',
    },
  ]

  static override args = {
    partitions: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5; every topic if none is given',
    }),
  }

  static override flags = {
    by: option({
      options: ['broker', 'partition'] as const,
      default: 'broker' as const,
      summary: 'A row for each broker, or for each partition that is not led as it should be.',
    })(),
    max: integer({
      min: 0,
      max: 100,
      summary: 'Exit with 3 where a broker has more percent of imbalance.',
      helpValue: 'PERCENT',
    }),
    ...clusterFlags,
    ...outputFlags(brokerShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(LeadersImbalance)
    const picked = new PickedPartitions(args.partitions ?? [])
    const { changers } = await openCluster(flags, this.surroundings)
    const told = await changers.leaders.partitions(picked.topics)
    const failures = failuresIn(told)
    const known = foundIn(told).flat()
    const partitions = known.filter((each) => picked.has(each))
    const brokers = brokerImbalances(partitions)
    const trouble = overMax(brokers, flags.max)
    const remarks = { failures, notes: notesOf(partitions), ...(trouble && { trouble }) }
    return flags.by === 'broker'
      ? list(brokerShape, brokers, remarks)
      : list(partitionShape, partitions.filter(isImbalanced), remarks)
  }
}

function notesOf(partitions: readonly LedPartition[]): string[] {
  const imbalanced = partitions.filter(isImbalanced)
  if (imbalanced.length === 0) return ['every partition is led by its preferred leader']
  const leaderless = imbalanced.filter(({ leader }) => leader === null).length
  const some = leaderless === 0 ? '' : `, ${leaderless} of them by nobody`
  return [
    `${imbalanced.length} of ${partitions.length} partitions are not led by their preferred leader${some}`,
  ]
}

function overMax(brokers: readonly BrokerImbalance[], max: number | undefined): CheckFailed | undefined {
  const over = max === undefined ? [] : brokers.filter(({ percent }) => percent > max)
  if (over.length === 0) return undefined
  const ids = over.map(({ broker }) => broker)
  return new CheckFailed(
    'imbalanced',
    `over ${max} % are not led as they should be: broker ${ids.join(', ')}`,
    {
      hint: 'ktool leaders elect --preferred --all gives leadership back',
      details: { brokers: ids, max },
    },
  )
}
