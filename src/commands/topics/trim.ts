import { trimTopicsChange } from '../../lib/changes/topics/trim-topics.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { UsageError } from '../../lib/errors.ts'
import type { OffsetsView } from '../../lib/model/offsets.ts'
import { served } from '../../lib/model/views.ts'
import { planTrim, type TrimWish, wishesOf } from '../../lib/operations/topics/plan-trim.ts'
import { readTrimFile } from '../../lib/operations/topics/read-trim-file.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseOffset } from '../../lib/values/offsets.ts'
import { parseTopicPartitions } from '../../lib/values/partitions.ts'
import { formatTime } from '../../lib/values/times.ts'

export class TopicsTrim extends ChangingCommand {
  static override summary = 'Delete the records of topics up to an offset or a time.'

  static override description = [
    'They go from the front of each partition, for good: the name has to be typed, or given with --confirm. The plan shows',
    'where each partition starts now and then, and how many offsets lie between; transaction markers and what compaction',
    'has removed count as well. A time is that of the first record which stays: what lies before it goes. Brokers refuse',
    'it for a topic that is only compacted.',
  ].join(' ')

  static override examples = [
    {
      description: 'How much is older than a week?',
      command: '<%= config.bin %> topics trim orders --before @-7d --dry-run -b kafka1:9092',
    },
    '<%= config.bin %> topics trim orders:3 --before 120000 -b kafka1:9092',
    {
      description: 'All of two partitions, in a script',
      command: "<%= config.bin %> topics trim orders:0,1 --before end --confirm '2 items' -b kafka1:9092",
    },
    {
      description: 'With the file that kafka-delete-records.sh takes',
      command: '<%= config.bin %> topics trim --file offsets.json -b kafka1:9092',
    },
  ]

  static override args = {
    topics: argumentList({ description: 'topics, or partitions of them: orders, orders:0,2-5' }),
  }

  static override flags = {
    before: string({
      summary: 'The first record that stays: its offset, a time, or end for none.',
      helpValue: 'OFFSET|@TIME|end',
      exclusive: ['file'],
    }),
    file: string({
      summary: "Kafka's JSON with an offset for each partition, −1 for its end; - reads stdin.",
      helpValue: 'FILE',
    }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsTrim)
    const named = await this.#wanted(args.topics ?? [], flags)
    const { cluster, changers, views } = await openCluster(flags, this.surroundings)
    const view = served(views.offsets)
    return this.change(cluster, flags, trimTopicsChange(changers.topics), async (origin) => {
      const { wishes, failures, notes } = await named(view)
      const { plan, failures: refused } = await planTrim(view, wishes, origin)
      return {
        plan: { ...plan, warnings: [...notes, ...plan.warnings] },
        failures: [...failures, ...refused],
      }
    })
  }

  async #wanted(
    topics: readonly string[],
    { before, file }: { readonly before?: string | undefined; readonly file?: string | undefined },
  ) {
    if (file !== undefined) {
      if (topics.length > 0) throw new UsageError('two-sources', 'name partitions, or give a file, not both')
      const text = await readTextOf(this.surroundings, file, 'the partitions as JSON')
      const wishes = readTrimFile(text, file)
      return async () => ({ wishes, failures: [], notes: [] })
    }
    if (topics.length === 0 || before === undefined) {
      throw new UsageError('nothing-to-trim', 'name the topics, and up to where their records go: --before', {
        hint: 'ktool topics trim orders:0 --before 1200, or --before @-7d, or --before end',
      })
    }
    const partitions = topics.map(parseTopicPartitions)
    const end = endOf(before, this.surroundings.clock.nowMs())
    const notes = end.kind === 'time' ? [`records before ${formatTime(end.timeMs)} go`] : []
    return async (view: OffsetsView) => ({ ...(await wishesOf(view, partitions, end)), notes })
  }
}

function endOf(text: string, nowMs: number): TrimWish['before'] {
  const spec = parseOffset(text, nowMs)
  if (spec.kind === 'offset' || spec.kind === 'time' || spec.kind === 'end') return spec
  throw new UsageError('invalid-offset', `records cannot go up to "${text}"`, {
    hint: 'say an offset, a time like @-7d, or end',
  })
}
