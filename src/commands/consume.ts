import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, integer, outputFlags, string } from '../lib/cli/flags.ts'
import { LongWork } from '../lib/cli/long-work.ts'
import { placeFlags } from '../lib/cli/place-flags.ts'
import {
  groupFlags,
  lookAgain,
  partitionFlags,
  readerArguments,
  readerFlags,
  readerWords,
} from '../lib/cli/record-flags.ts'
import type { ClusterFlags } from '../lib/config/read-cluster-settings.ts'
import { UsageError } from '../lib/errors.ts'
import type { Isolation } from '../lib/model/records.ts'
import { served } from '../lib/model/views.ts'
import { consumeGroup } from '../lib/operations/consume-group.ts'
import { type ExecWish, environmentOf, execRecords } from '../lib/operations/exec-records.ts'
import { followRecords } from '../lib/operations/follow-records.ts'
import { parseMatches } from '../lib/operations/match-records.ts'
import { mergeRecords } from '../lib/operations/merge-records.ts'
import { openTopics, ordinaryTopics } from '../lib/operations/open-topics.ts'
import { parseRange } from '../lib/operations/read-range.ts'
import { readRecords } from '../lib/operations/read-records.ts'
import { type PrintWish, printedAsCome, withPrinter } from '../lib/output/records/record-printer.ts'
import { recordShape } from '../lib/output/records/record-shape.ts'
import type { Result } from '../lib/output/result.ts'
import { groupToJoin } from '../lib/places/group-to-join.ts'
import { openPlace } from '../lib/places/open-place.ts'
import { lineLog } from '../lib/ports/log-sink.ts'
import { namesMatching } from '../lib/values/name-patterns.ts'
import type { OffsetSpec } from '../lib/values/offsets.ts'
import { parseTopicPartitions } from '../lib/values/partitions.ts'
import { tellTimes } from '../lib/values/times.ts'

const formats = recordShape({ topic: null, partition: null, key: 'text', value: 'text', manner: 'read' })

export class Consume extends BaseCommand {
  static override summary = 'Print the records of topics.'

  static override description =
    `Each partition is read from --from up to --to, that offset excluded, one partition after the other, or with --by-time
all together by their timestamps. The end is where it was when reading began, so that a busy topic ends too; -f goes on
with what is written, until Ctrl-C: in partitions that are added too, in a topic that is deleted and made anew, in
partitions that could not be read for a while, from where they had got to, and with --regex in topics that come to match. It
fails once none of them could be read for as long as --timeout.
Records that nobody may see yet, behind the high watermark, are not printed, nor
are control records. With --isolation committed neither are the records of transactions that were aborted, or are
still open. What cannot be read is an error on stderr, exit 1; what lies behind it, and in other partitions, is printed
all the same.

With -g it joins a consumer group of a live cluster, begins where the group has got to, and commits what was printed, no
sooner than stdout has taken it; at the end, or when it is interrupted, it leaves the group. Topics that match --regex are
those that there are when it joins. --exec runs a command in a
shell for each record instead of printing it: it reads the value on stdin, and finds KTOOL_TOPIC, KTOOL_PARTITION,
KTOOL_OFFSET, KTOOL_TIMESTAMP, KTOOL_KEY (KTOOL_KEY_BASE64 where it has a NUL), KTOOL_HEADERS as JSON, and for a null
value KTOOL_VALUE_IS_NULL in its environment. Records of one key come one after the other, whatever --workers says.
What has succeeded, with all before it in its partition, is committed; a command that fails ends the work, exit 1.

${readerWords}`

  static override examples = [
    {
      description: 'What is in a topic, a line for each record',
      command: '<%= config.bin %> consume orders -b kafka1:9092 -o jsonl',
    },
    {
      description: 'Its values alone, as they are',
      command: '<%= config.bin %> consume orders -b kafka1:9092 -o raw > orders.txt',
    },
    {
      description: 'What was written around 14:05',
      command:
        '<%= config.bin %> consume orders --from @2026-01-15T14:04:00Z --to @2026-01-15T14:06:00Z -b kafka1:9092',
    },
    {
      description: 'What comes from now on for one key, with where and when',
      command:
        "<%= config.bin %> consume orders -f --from end --match k:4711 --format '%d %p:%o %v\\n' -b kafka1:9092",
    },
    {
      description: 'What comes from now on in all topics of a kind, also in those that are made later',
      command:
        "<%= config.bin %> consume --regex 'orders-.*' -f --from end --format '%t %v\\n' -b kafka1:9092",
    },
    {
      description: 'The first ten records from offset 1200 of partition 2 on, keys as numbers',
      command: '<%= config.bin %> consume orders:2 --from 1200 -n 10 --key long -b kafka1:9092',
    },
    {
      description: 'What a group has not seen yet, which it then has',
      command: '<%= config.bin %> consume orders -g billing -o jsonl -b kafka1:9092',
    },
    {
      description: 'A program for each record, four at once, for as long as it succeeds',
      command:
        "<%= config.bin %> consume orders -g mailer -f --exec './send-mail.sh' --workers 4 -b kafka1:9092",
    },
    {
      description: 'The same from the disk of a broker that is down',
      command: '<%= config.bin %> consume orders -o jsonl --log-dir /var/lib/kafka/data',
    },
  ]

  static override args = readerArguments

  static override flags = {
    from: string({
      default: 'start',
      summary:
        'Where to begin: start, end, an offset, +N from the start, -N from the end, or a time such as @-1h.',
      helpValue: 'OFFSET',
    }),
    to: string({
      default: 'end',
      summary: 'Where to end, in the same words; that offset is no longer printed.',
      helpValue: 'OFFSET',
    }),
    count: integer({ char: 'n', min: 0, summary: 'Print no more records than this.', helpValue: 'N' }),
    ...partitionFlags,
    follow: boolean({
      char: 'f',
      exclusive: ['to', 'by-time'],
      summary: 'Go on with what is written, in the order in which it comes.',
    }),
    'by-time': boolean({ summary: 'Print the records of all partitions together, by their timestamps.' }),
    ...groupFlags,
    ...readerFlags,
    ...placeFlags,
    ...outputFlags(formats),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Consume)
    if (flags.group !== undefined) return this.#inGroup(flags.group, args.topics ?? [], flags)
    const { clock, stdout } = this.surroundings
    const range = parseRange(flags.from, flags.to, clock.nowMs())
    const wish = { range, limit: flags.count, isWanted: parseMatches(flags.match) }
    return withPrinter({ ...flags, isTerminal: stdout.isTerminal }, async (printer) => {
      const place = await openPlace(flags, this.surroundings)
      const { opened, growth } = await openTopics(
        { records: served(place.records), listing: () => served(place.topics) },
        { ...flags, topics: args.topics ?? [] },
        { pause: () => lookAgain(clock), say: (note) => this.tell(note) },
      )
      const read = flags['by-time'] ? mergeRecords : readRecords
      const found =
        growth === null
          ? read(opened, wish, printer.sink)
          : followRecords(opened, { ...wish, from: range.from }, printer.sink, growth)
      const times = tellTimes(timeOf(range.from), timeOf(range.to))
      return printer.result(new LongWork(this.surroundings).interruptible(printedAsCome(found)), {
        notes: [...times, ...place.notes(), ...opened.notes],
        unread: place.unread(),
      })
    })
  }

  async #inGroup(group: string, topics: readonly string[], flags: GroupFlags): Promise<Result> {
    const { clock, stdout, stderr, stop } = this.surroundings
    const reading = { limit: flags.count, isWanted: parseMatches(flags.match) }
    const named = flags.regex ? [] : topics.map(wholeTopic)
    const joinable = await groupToJoin(flags, this.surroundings, {
      group,
      topics: async (view) => (flags.regex ? namesMatching(topics, await ordinaryTopics(view)) : named),
      isolation: flags.isolation,
      from: startOf(flags.from),
      partitionsAtOnce: flags.workers ?? 1,
      isFollowing: flags.follow,
      log: flags.verbose ? lineLog((line) => void stderr.write(`${line}\n`), clock) : null,
    })
    const output = flags.exec === undefined ? flags.output : 'raw'
    return withPrinter({ ...flags, output, isTerminal: stdout.isTerminal }, async (printer) => {
      const exec = flags.exec === undefined ? undefined : await this.#commandOf(flags.exec)
      // Last of all: nothing may fail between joining and reading, which leaves again.
      const consumer = await joinable.join(stop.take())
      const found =
        exec === undefined
          ? consumeGroup(consumer, reading, printer.sink)
          : execRecords(consumer, { ...reading, ...exec, workers: flags.workers ?? 1 })
      return printer.result(printedAsCome(found), {})
    })
  }

  /** What is run for each record, and when what was done so far is committed. */
  async #commandOf(exec: string): Promise<Pick<ExecWish, 'run' | 'isDue'>> {
    const { environment, platform, world, clock } = this.surroundings
    const { processes } = await world()
    const command = platform === 'win32' ? ['cmd', '/d', '/s', '/c', exec] : ['sh', '-c', exec]
    let dueMs = clock.monotonicMs() + COMMIT_MS
    return {
      run: (record) =>
        processes.runOn(record.value ?? Buffer.alloc(0), command, {
          ...environment,
          ...environmentOf(record),
        }),
      isDue: () => {
        const isDue = clock.monotonicMs() >= dueMs
        if (isDue) dueMs = clock.monotonicMs() + COMMIT_MS
        return isDue
      },
    }
  }
}

const COMMIT_MS = 1000

type GroupFlags = Omit<PrintWish, 'isTerminal'> &
  ClusterFlags & {
    readonly count: number | undefined
    readonly match: readonly string[] | undefined
    readonly isolation: Isolation
    readonly from: string
    readonly follow: boolean
    readonly regex: boolean
    readonly verbose: boolean
    readonly exec: string | undefined
    readonly workers: number | undefined
  }

/** It is the group that deals partitions. */
function wholeTopic(text: string): string {
  const { topic, ranges } = parseTopicPartitions(text)
  if (ranges === undefined) return topic
  throw new UsageError('partitions-in-group', `"${text}": a group is given whole topics`, {
    hint: 'leave the partitions out, or read without -g',
  })
}

function startOf(from: string): 'start' | 'end' {
  if (from === 'start' || from === 'earliest') return 'start'
  if (from === 'end' || from === 'latest') return 'end'
  throw new UsageError(
    'invalid-offset',
    `"${from}": a group begins where it has got to, else at start or end`,
    {
      hint: 'ktool groups reset moves a group to any offset or time',
    },
  )
}

function timeOf(spec: OffsetSpec): number | undefined {
  return spec.kind === 'time' ? spec.timeMs : undefined
}
