import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, outputFlags } from '../../lib/cli/flags.ts'
import { copiedColumns, ledColumns } from '../../lib/cli/partition-columns.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { partitionName } from '../../lib/model/partitions.ts'
import { served } from '../../lib/model/views.ts'
import { describeTopics, type PartitionRow } from '../../lib/operations/describe-topics.ts'
import { type Ailment, partitionsFound } from '../../lib/operations/partition-health.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { type Colour, column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const words: Record<Ailment, string> = {
  underReplicated: 'under-replicated',
  underMinIsr: 'under min ISR',
  atMinIsr: 'at min ISR',
  unavailable: 'no leader',
  offlineReplicas: 'replicas offline',
}

/** With all its replicas in sync it can be at its minimum for good: nothing to be alarmed about. */
function isWorthAWord(ailment: Ailment, _: number, all: readonly Ailment[]): boolean {
  return ailment !== 'atMinIsr' || all.length > 1
}

function colourOf(ailments: readonly Ailment[]): Colour | undefined {
  if (ailments.includes('unavailable') || ailments.includes('underMinIsr')) return 'red'
  return ailments.includes('underReplicated') ? 'yellow' : undefined
}

const shape: Shape<PartitionRow> = {
  version: 1,
  name: partitionName,
  columns: [
    ...ledColumns(),
    ...copiedColumns(),
    column('elr', { isSpare: true }),
    column('logStart', { kind: 'number' }),
    column('highWatermark', { kind: 'number' }),
    column('lastStable', { kind: 'number', isInTable: false }),
    column('logEnd', { kind: 'number', isSpare: true }),
    column('sizeBytes', { isSpare: true, kind: 'size' }),
    computed('trouble', ({ ailments }) => ailments, {
      shown: ({ ailments }) => ailments.filter(isWorthAWord).map((each) => words[each]),
      colour: ({ ailments }) => colourOf(ailments),
      isSpare: true,
    }),
    column('broker', { isSpare: true, kind: 'number' }),
    column('directory', { isSpare: true }),
    column('leaderEpoch', { kind: 'number', isInTable: false }),
    column('lastKnownElr', { isInTable: false }),
    column('addingReplicas', { isInTable: false }),
    column('removingReplicas', { isInTable: false }),
    column('offlineReplicas', { isInTable: false }),
    column('minIsr', { kind: 'number', isInTable: false }),
    column('topicId', { isInTable: false }),
    computed('internal', ({ isInternal }) => isInternal, { isInTable: false }),
    computed('configs', ({ configs }) => configs, { isInTable: false }),
    computed('copies', ({ copies }) => copies.map((copy) => ({ ...copy })), { isInTable: false }),
    computed('written', ({ written }) => (written === null ? null : { ...written }), { isInTable: false }),
  ],
}

/** Columns of question marks tell nothing. */
const unsized: Shape<PartitionRow> = {
  ...shape,
  columns: shape.columns.map((each) =>
    ['sizeBytes', 'broker', 'directory'].includes(each.key) ? { ...each, isInTable: false } : each,
  ),
}

export class TopicsDescribe extends BaseCommand {
  static override summary = 'Describe topics, partition by partition.'

  static override description = [
    'Who leads each partition and who is in sync, where its log starts and ends, which of it is replicated for sure,',
    'and what is wrong with it. What was set of a topic is in configs. The filters go by the definitions of',
    "Kafka's own tools, and several of them add up: fewer in sync than there are replicas (those that are being added",
    'do not count), fewer than min.insync.replicas or just as many, no leader. None that match is fine, exit 0; with',
    '--check any that match are trouble, exit 3.',
    '\n\nOn a disk it is as the metadata log was last written to. BROKER and DIRECTORY are where the copy lies that the',
    "offsets are of: the leader's if it is here, else the one with the highest leader epoch and end; a copy that is",
    'still being made is never taken. What each figure is stands beside it in JSON (leaderInfo, logEndInfo …), every',
    'copy in copies; of a live cluster sizes and copies are asked for with --size.',
    'Brokers that are stopped well leave the ISR one by one, so that a stopped cluster ends with no leader and no',
    'ISR. For such a partition leader, isr and elr are those from before; written has what the log ends with.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics describe orders -b kafka1:9092',
    {
      description: 'Is any partition worse off than it should be? For a script or an alarm',
      command: '<%= config.bin %> topics describe --under-replicated --unavailable --check -q -c prod',
    },
    {
      description: 'Two partitions of it, among the disks of three brokers',
      command:
        '<%= config.bin %> topics describe orders:0,2 --log-dir broker1/data --log-dir broker2/data --log-dir broker3/data',
    },
    {
      description: 'What was set of each topic',
      command:
        "<%= config.bin %> topics describe --with-overrides -b kafka1 -o json | jq '.items[] | {topic, configs}'",
    },
  ]

  static override args = {
    topics: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5; every topic if none is given',
    }),
  }

  static override flags = {
    'under-replicated': filter('Partitions with fewer replicas in sync than they should have.'),
    'under-min-isr': filter('Partitions that take no acks=all: fewer in sync than min.insync.replicas.'),
    'at-min-isr': filter('Partitions with just as many in sync as min.insync.replicas asks for.'),
    unavailable: filter('Partitions without a leader that lives; --offline is the same.', ['offline']),
    'offline-replicas': filter('Partitions with replicas on brokers or disks that are not there.'),
    'with-overrides': filter('Topics of which some config was set.'),
    check: boolean({ summary: 'Exit 3 if any partition is printed.' }),
    size: boolean({ summary: 'Ask all brokers for the sizes of the copies, too.' }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsDescribe)
    const place = await openPlace(flags, this.surroundings)
    const filters = Object.entries(ailmentFlags).flatMap(([flag, ailment]) =>
      flags[flag as keyof typeof ailmentFlags] ? [ailment] : [],
    )
    const { rows, failures, notes } = await describeTopics(served(place.topics), {
      names: args.topics,
      ailments: filters,
      withOverrides: flags['with-overrides'],
      sizes: flags.size,
    })
    const trouble = place.trouble() ?? (flags.check ? partitionsFound(rows) : undefined)
    return list(flags.size || flags['log-dir'] !== undefined ? shape : unsized, rows, {
      failures,
      notes: [...notes, ...place.notes()],
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}

const ailmentFlags = {
  'under-replicated': 'underReplicated',
  'under-min-isr': 'underMinIsr',
  'at-min-isr': 'atMinIsr',
  unavailable: 'unavailable',
  'offline-replicas': 'offlineReplicas',
} as const

function filter(summary: string, aliases: string[] = []) {
  return boolean({ summary, aliases, helpGroup: 'filter' })
}
