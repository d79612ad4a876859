import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, integer, outputFlags } from '../lib/cli/flags.ts'
import { LongWork } from '../lib/cli/long-work.ts'
import { placeFlags } from '../lib/cli/place-flags.ts'
import {
  lookAgain,
  partitionFlags,
  readerArguments,
  readerFlags,
  readerWords,
} from '../lib/cli/record-flags.ts'
import { served } from '../lib/model/views.ts'
import { parseMatches } from '../lib/operations/match-records.ts'
import { openTopics } from '../lib/operations/open-topics.ts'
import { tailAndFollow } from '../lib/operations/tail-records.ts'
import { withPrinter } from '../lib/output/records/record-printer.ts'
import { recordShape } from '../lib/output/records/record-shape.ts'
import type { Result } from '../lib/output/result.ts'
import { openPlace } from '../lib/places/open-place.ts'

const formats = recordShape({ topic: null, partition: null, key: 'text', value: 'text', manner: 'read' })

export class Tail extends BaseCommand {
  static override summary = 'Print the last records of topics, by their timestamps.'

  static override description =
    `The newest records of all partitions together, the newest last; those of one partition stay in their order. Where there
are fewer, it is all of them. What lies behind the high watermark is not printed, nor are control records. -f goes on
with what is written, until Ctrl-C: in partitions that are added too, in a topic that is deleted and made anew, in
partitions that could not be read for a while, from where they had got to, and with --regex in topics that come to match. It
fails once none of them could be read for as long as --timeout.

${readerWords}`

  static override examples = [
    '<%= config.bin %> tail orders -b kafka1:9092',
    {
      description: 'The last fifty of two partitions, with where they lie, and what comes from then on',
      command: '<%= config.bin %> tail orders:0,2 -n 50 -f -o jsonl -b kafka1:9092',
    },
    {
      description: 'The last failure that was written',
      command: '<%= config.bin %> tail orders -n 1 --match \'v~"status":"failed"\' -b kafka1:9092',
    },
    {
      description: 'From the disk of a broker that is down',
      command: '<%= config.bin %> tail orders --log-dir /var/lib/kafka/data',
    },
  ]

  static override args = readerArguments

  static override flags = {
    count: integer({
      char: 'n',
      min: 0,
      max: 1_000_000,
      default: 10,
      summary: 'How many records.',
      helpValue: 'N',
    }),
    ...partitionFlags,
    follow: boolean({
      char: 'f',
      summary: 'Go on with what is written from now on: for a live cluster only.',
    }),
    ...readerFlags,
    ...placeFlags,
    ...outputFlags(formats),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Tail)
    const { count } = flags
    const isWanted = parseMatches(flags.match)
    const { clock, stdout } = this.surroundings
    const { isTerminal } = stdout
    return withPrinter({ ...flags, isTerminal }, async (printer) => {
      const place = await openPlace(flags, this.surroundings)
      const { opened, growth } = await openTopics(
        { records: served(place.records), listing: () => served(place.topics) },
        { ...flags, topics: args.topics ?? [] },
        { pause: () => lookAgain(clock), say: (note) => this.tell(note) },
      )
      const found = tailAndFollow(opened, { count, isWanted, growth }, printer)
      return printer.result(new LongWork(this.surroundings).interruptible(found), {
        notes: [...place.notes(), ...opened.notes],
        unread: place.unread(),
      })
    })
  }
}
