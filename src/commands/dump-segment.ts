import { basename } from 'node:path'
import { argumentList } from '../lib/cli/arguments.ts'
import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, integer, option, outputFlags, string } from '../lib/cli/flags.ts'
import { LongWork } from '../lib/cli/long-work.ts'
import { serdeFlags } from '../lib/cli/record-flags.ts'
import { UsageError } from '../lib/errors.ts'
import { dump } from '../lib/log/dump/dump.ts'
import { type DumpInput, dumpKinds, type InputFailure, type Owner } from '../lib/log/dump/dump-input.ts'
import { expandPaths } from '../lib/log/dump/expand-paths.ts'
import { parseRange } from '../lib/log/dump/parse-range.ts'
import { parseFolderName } from '../lib/log/files/folder-names.ts'
import { SteadyDisk } from '../lib/log/steady-disk.ts'
import { DumpLines } from '../lib/output/dump/dump-lines.ts'
import { DumpRows } from '../lib/output/dump/dump-rows.ts'
import { dumpShape } from '../lib/output/dump/dump-shape.ts'
import { type LineLane, openLineLane } from '../lib/output/records/line-lane.ts'
import { type Result, raw, stream } from '../lib/output/result.ts'
import type { ReadableDisk } from '../lib/ports/disk.ts'

export class DumpSegment extends BaseCommand {
  static override summary =
    "Show what is in Kafka's files: batches, records, indexes, snapshots, checkpoints."

  static override description =
    `Reads the files of a broker without a broker, and changes nothing. A PATH is a file, a folder or a pattern in
quotes. A partition's folder stands for its segments in order, a log directory for the segments of all its partitions
in use; - is a log on stdin, read as it comes. Other files than logs are dumped where they are named: indexes,
producer snapshots, checkpoints, partition.metadata, meta.properties.

A log is shown batch by batch, with --records record by record, with --all both, told apart by kind. Records of
Kafka's own topics are shown as what they say; passwords and keys in them are covered. Damage is a line of its own with
its place; the dump goes on with the next batch that can be believed, and the exit code is 3. Whether the
records in a sound batch can be read is known where they are read: with --records or --all.`

  static override usage =
    'dump-segment PATH… [--records | --all] [--from FROM] [--to TO] [-n COUNT] [-o FORMAT]'

  static override examples = [
    {
      description: 'The batches of a segment',
      command: 'ktool dump-segment /var/lib/kafka/orders-0/00000000000000000000.log',
    },
    {
      description: 'What was written to a partition around 14:05',
      command:
        'ktool dump-segment /var/lib/kafka/orders-0 --records --from @2026-01-15T14:05:00Z --to @2026-01-15T14:06:00Z',
    },
    {
      description: 'The next ten records from offset 1200 on, for a script',
      command: 'ktool dump-segment /var/lib/kafka/orders-0 --records --from 1200 -n 10 -o jsonl',
    },
    {
      description: 'What the coordinators wrote about groups',
      command: "ktool dump-segment '/var/lib/kafka/__consumer_offsets-*' --records -o jsonl | jq .decoded",
    },
    {
      description: 'All indexes of a partition',
      command: "ktool dump-segment '/var/lib/kafka/orders-0/*index'",
    },
    {
      description: 'A compressed copy, as it is unpacked',
      command:
        'zcat 00000000000000000000.log.gz | ktool dump-segment - --partition-dir orders-0 --all -o jsonl',
    },
  ]

  static override args = {
    path: argumentList({
      required: true,
      description: 'files, folders, patterns in quotes, or - for stdin',
    }),
  }

  static override flags = {
    records: boolean({ summary: 'Show records instead of batches.', exclusive: ['all'] }),
    all: boolean({ summary: 'Show batches, and the records of each behind it.' }),
    ...serdeFlags,
    decode: boolean({
      default: true,
      allowNo: true,
      summary: "Show the records of Kafka's own topics as what they say.",
    }),
    reveal: boolean({ summary: 'Show passwords and keys in them too.' }),
    from: string({ summary: 'Begin at an offset, or at a time such as @-1h.', helpValue: 'FROM' }),
    to: string({ summary: 'End before an offset or a time.', helpValue: 'TO' }),
    count: integer({
      char: 'n',
      min: 1,
      summary: 'Show so many records at most; without --records, batches or entries.',
      helpValue: 'COUNT',
    }),
    'partition-dir': string({
      summary: 'The partition that files belong to whose folder does not say it, such as orders-0.',
      helpValue: 'NAME',
    }),
    kind: option({
      options: dumpKinds,
      summary: `What a file of another name, or stdin, holds: ${dumpKinds.join(', ')}.`,
      helpValue: 'KIND',
    })(),
    'base-offset': integer({
      min: 0,
      summary: 'What the offsets of an index count from, if its name does not say it.',
      helpValue: 'OFFSET',
    }),
    ...outputFlags({}),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(DumpSegment)
    const { clock, stdin, stdout, threads } = this.surroundings
    const disk = new SteadyDisk(this.surroundings.disk)
    const { range, notes } = parseRange(flags, clock.nowMs())
    const { kind, 'base-offset': baseOffset, 'partition-dir': folder } = flags
    const claims = { kind, baseOffset, owner: ownerOf(folder) }
    const { inputs, failures } = expandPaths(disk, args.path ?? [], claims)
    const form = { ...flags, batches: !flags.records, records: flags.records || flags.all }
    const places = {
      disk,
      stdin: () => stdin.chunks(),
      turns: new LongWork(this.surroundings, flags.quiet),
      notes,
    }
    const wish = { ...form, range, limit: flags.count ?? Number.POSITIVE_INFINITY }
    const found = (sink: DumpLines | DumpRows, lane?: LineLane) =>
      withEnd(places.turns.bringing(dump(inputs, wish, sink, places)), lane)
    if (flags.output === 'jsonl' && !stdout.isTerminal) {
      const lane = flags.records ? await openLineLane(threads, sizeOf(disk, inputs)) : undefined
      const lines = new DumpLines(form, lane)
      return raw(
        taken(found(lines, lane), failures, () => ({ bytes: lines.take() })),
        { notes },
      )
    }
    const rows = new DumpRows(form)
    return stream(
      dumpShape(inputs, form),
      taken(found(rows), failures, () => ({ rows: rows.take() })),
      { notes },
    )
  }
}

/** What has gathered since the last time, and the inputs that failed. */
async function* taken<T>(
  found: AsyncIterable<InputFailure[]>,
  before: readonly InputFailure[],
  take: () => T,
): AsyncGenerator<T & { readonly failures: readonly InputFailure[] }> {
  if (before.length > 0) yield { ...take(), failures: before }
  for await (const failures of found) yield { ...take(), failures }
}

async function* withEnd<T>(source: AsyncIterable<T>, lane: LineLane | undefined): AsyncGenerator<T> {
  try {
    yield* source
  } finally {
    await lane?.end()
  }
}

function sizeOf(disk: ReadableDisk, inputs: readonly DumpInput[]): number {
  return inputs.reduce((sum, { file }) => sum + (disk.stat(file)?.sizeBytes ?? 0), 0)
}

function ownerOf(folder: string | undefined): Owner | undefined {
  if (folder === undefined) return undefined
  const said = parseFolderName(basename(folder))
  if (said !== undefined) return { topic: said.topic, partition: said.partition }
  throw new UsageError('invalid-partition', `"${folder}" is not the name of a partition's folder`, {
    hint: 'it is the topic, a dash and the number of the partition, such as orders-0',
  })
}
