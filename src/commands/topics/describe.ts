import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { served } from '../../lib/model/views.ts'
import { describeTopics, type PartitionRow } from '../../lib/operations/describe-topics.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<PartitionRow> = {
  version: 1,
  name: ({ topic, partition }) => `${topic}:${partition}`,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('leader', { kind: 'number' }),
    column('replicas'),
    column('isr'),
    column('elr', { isSpare: true }),
    column('logStart', { kind: 'number' }),
    column('highWatermark', { kind: 'number' }),
    column('lastStable', { kind: 'number', isInTable: false }),
    column('logEnd', { kind: 'number' }),
    column('sizeBytes', { isSpare: true, kind: 'size' }),
    column('broker', { isSpare: true, kind: 'number' }),
    column('directory', { isSpare: true }),
    column('leaderEpoch', { kind: 'number', isInTable: false }),
    column('lastKnownElr', { isInTable: false }),
    column('addingReplicas', { isInTable: false }),
    column('removingReplicas', { isInTable: false }),
    column('topicId', { isInTable: false }),
    computed('internal', ({ isInternal }) => isInternal, { isInTable: false }),
    computed('configs', ({ configs }) => configs, { isInTable: false }),
    computed('copies', ({ copies }) => copies.map((copy) => ({ ...copy })), { isInTable: false }),
    computed('written', ({ written }) => (written === null ? null : { ...written }), { isInTable: false }),
  ],
}

export class TopicsDescribe extends BaseCommand {
  static override summary = 'Describe topics, partition by partition.'

  static override description = [
    'Who leads each partition and who is in sync, as the metadata log was last written to; where its log starts and',
    'ends, which of it is replicated for sure, and which copy says so. BROKER and DIRECTORY are where that copy lies:',
    "the leader's if it is here, else the one with the highest leader epoch and end; a copy that is still being made",
    'is never taken. What each figure is stands beside it in JSON (leaderInfo, logEndInfo …); what was set of a topic',
    'is in configs, every copy in copies.',
    '\n\nBrokers that are stopped well leave the ISR one by one, so that a stopped cluster ends with no leader and no',
    'ISR. For such a partition leader, isr and elr are those from before; written has what the log ends with.',
  ].join(' ')

  static override examples = [
    {
      description: 'One topic on the disks of a broker',
      command:
        '<%= config.bin %> topics describe orders --log-dir /var/lib/kafka/data0 --log-dir /var/lib/kafka/data1',
    },
    {
      description: 'Two partitions of it, among the disks of three brokers',
      command:
        '<%= config.bin %> topics describe orders:0,2 --log-dir broker1/data --log-dir broker2/data --log-dir broker3/data',
    },
    {
      description: 'Partitions with too small an ISR',
      command:
        "<%= config.bin %> topics describe --log-dir DIR -o json | jq '.items[] | select((.isr | length) < (.replicas | length))'",
    },
  ]

  static override args = {
    topics: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5; every topic if none is given',
    }),
  }

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsDescribe)
    const place = openPlace(flags, this.surroundings)
    const { rows, failures, notes } = await describeTopics(served(place.topics), args.topics)
    const trouble = place.trouble()
    return list(shape, rows, {
      failures,
      notes: [...notes, ...place.notes()],
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}
