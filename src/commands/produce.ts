import { argument } from '../lib/cli/arguments.ts'
import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, clusterFlags, duration, integer, option, outputFlags, string } from '../lib/cli/flags.ts'
import { inputFlags, readInputForm } from '../lib/cli/input-flags.ts'
import { askForLines, inputSources } from '../lib/cli/input-sources.ts'
import { Ticker } from '../lib/cli/ticker.ts'
import { openDryRun, openProduce, readProduceOrder } from '../lib/client/produce/open-produce.ts'
import { partitionerNames } from '../lib/client/produce/partitioners.ts'
import { progressOf, summaryOf } from '../lib/client/produce/run-summary.ts'
import { plannedRows, producedRows } from '../lib/output/records/produced-rows.ts'
import { producedShape } from '../lib/output/records/produced-shape.ts'
import { failuresOnly, type Result, stream } from '../lib/output/result.ts'
import { openCluster } from '../lib/places/open-cluster.ts'
import { openReader } from '../lib/serde/input/open-reader.ts'

const SAY_EVERY_MS = 1000
const ackNames = ['all', '1', '0'] as const

export class Produce extends BaseCommand {
  static override summary = 'Write records to a topic: lines, files, JSON, CSV.'

  static override description = [
    'Each line of stdin is a value, or with -K a key and a value. A topic that does not exist is not created. Records are',
    'written once, whatever is tried again (--acks all). What cannot be written is an error that names its line, exit 1;',
    'the others are written all the same, or with --txn none. Ctrl-C sends what was read, and then ends.',
  ].join(' ')

  static override examples = [
    'printf "ann:10\\nbob:20\\n" | <%= config.bin %> produce orders -b kafka1:9092 -K :',
    {
      description: 'Back to where they were read from, each to its partition and with its time',
      command: '<%= config.bin %> produce orders -f orders.jsonl --input jsonl --keep partition,timestamp',
    },
    {
      description: 'A tombstone for one key',
      command: 'echo NULL | <%= config.bin %> produce users -k ann --null-value NULL',
    },
    {
      description: 'A whole file or nothing of it, and where each record lies now',
      command: '<%= config.bin %> produce orders -f orders.csv --input csv --txn load-17 -o jsonl',
    },
    {
      description: 'To which partition keys go, without sending anything',
      command: '<%= config.bin %> produce orders -f keys.txt -K : --dry-run',
    },
  ]

  static override args = { topic: argument({ description: 'the topic', required: true }) }

  static override flags = {
    ...inputFlags,
    partition: integer({ char: 'p', min: 0, summary: 'The partition of all records.', helpValue: 'N' }),
    partitioner: option({
      options: partitionerNames,
      default: 'murmur2' as const,
      summary:
        'Who chooses partitions: murmur2 as Java and librdkafka as kcat do, by the key; the others without it.',
      helpValue: 'NAME',
    })(),
    acks: option({
      options: ackNames,
      default: 'all' as const,
      summary: 'Who must have a record: all replicas in sync, only the leader (1), or nobody (0).',
      helpValue: 'ACKS',
    })(),
    compression: string({
      char: 'z',
      default: 'none',
      summary: 'How to compress: none, gzip, snappy, lz4 or zstd; with a level gzip:9.',
      helpValue: 'CODEC',
    }),
    linger: duration({ summary: 'How long a record waits for others to go with it; 5ms if not said.' }),
    'batch-size': string({
      default: '512KiB',
      summary: 'How much goes together, before compression.',
      helpValue: 'SIZE',
    }),
    txn: string({
      summary: 'All in one transaction of this id: committed at the end, aborted if anything fails.',
      helpValue: 'ID',
    }),
    'txn-timeout': duration({
      dependsOn: ['txn'],
      summary: 'The cluster aborts a transaction that takes longer; 60s if not said.',
    }),
    rate: integer({ min: 1, summary: 'At most so many records a second.', helpValue: 'N' }),
    stats: boolean({ summary: 'Say every second on stderr how far it has come.' }),
    results: boolean({ summary: 'Print a row for each record; -o json and others do it too.' }),
    'dry-run': boolean({ summary: 'Print where each record would go, and send nothing.' }),
    ...clusterFlags,
    ...outputFlags(producedShape('text', true)),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Produce)
    const form = readInputForm(flags)
    const sources = inputSources(flags.file ?? [], this.surroundings)
    const { cluster } = await openCluster(flags, this.surroundings)
    const { random } = await this.surroundings.world()
    const order = readProduceOrder(args.topic, flags, {
      sources,
      openReader: () => openReader(flags.input, form),
      deliveryMs: cluster.settings.timeoutMs,
      random,
    })
    if (!flags.quiet) await askForLines(flags.file ?? [], this.surroundings)
    const shown = {
      topic: args.topic,
      key: form.keyFormat,
      hasRows: flags.results || flags.output !== 'table',
    }
    if (flags['dry-run']) {
      const { parts, places } = await openDryRun(cluster, order)
      return stream(producedShape(form.keyFormat, false), plannedRows(parts, { ...shown, places }))
    }
    const { run, places } = await openProduce(cluster, order, this.surroundings.stop.take())
    const { clock, stderr } = this.surroundings
    const startMs = clock.monotonicMs()
    const elapsedMs = () => clock.monotonicMs() - startMs
    const ticker = new Ticker(clock, SAY_EVERY_MS, () => stderr.write(`${progressOf(run, elapsedMs())}\n`))
    const parts = flags.stats ? ticker.during(run.parts()) : run.parts()
    const rows = producedRows(parts, { ...shown, places })
    const remarks = { notesAtEnd: () => summaryOf(run, args.topic, elapsedMs()) }
    return shown.hasRows
      ? stream(producedShape(form.keyFormat, true), rows, remarks)
      : failuresOnly(rows, remarks)
  }
}
