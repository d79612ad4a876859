import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { describePaths } from '../../lib/log/describe/describe-paths.ts'
import type { PartitionDescription } from '../../lib/log/describe/partition-description.ts'
import * as tell from '../../lib/log/describe/tell-description.ts'
import { SteadyDisk } from '../../lib/log/steady-disk.ts'
import { type Result, stream } from '../../lib/output/result.ts'
import { type Column, column, computed, type Shape } from '../../lib/output/shape.ts'
import type { Value } from '../../lib/output/value.ts'
import { formatSize } from '../../lib/values/sizes.ts'

const shape: Shape<PartitionDescription> = {
  version: 1,
  name: ({ folder }) => folder,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('folder', { shown: tell.tellFolder }),
    column('aside', { isInBlock: false }),
    column('topicId'),
    column('directory', { isInBlock: false }),
    column('broker', { kind: 'number', shown: tell.tellBroker }),
    column('lastStop', { isInBlock: false }),
    column('logStartOffset', { kind: 'number', shown: tell.tellLogStart }),
    column('logEndOffset', { kind: 'number', shown: tell.tellLogEnd }),
    column('highWatermark', { kind: 'number', shown: tell.tellHighWatermark }),
    column('lastStableOffset', { kind: 'number', shown: tell.tellLastStable }),
    column('recoveryPoint', { kind: 'number', shown: tell.tellRecoveryPoint }),
    column('cleanerOffset', { kind: 'number', shown: tell.tellCleanerOffset }),
    column('leaderEpoch', { kind: 'number' }),
    each('leaderEpochs', ({ leaderEpochs }) => leaderEpochs, tell.tellEpoch),
    each('openTransactions', ({ openTransactions }) => openTransactions, tell.tellOpenTransaction),
    each('abortedTransactions', ({ abortedTransactions }) => abortedTransactions, tell.tellAbort),
    each('producers', ({ producers }) => producers, tell.tellProducer),
    each('segments', ({ segments }) => segments, tell.tellSegment),
    column('sizeBytes', {
      kind: 'size',
      shown: ({ sizeBytes, folderBytes }) =>
        `${formatSize(sizeBytes)} (with all files ${formatSize(folderBytes)})`,
    }),
    column('folderBytes', { kind: 'size', isInBlock: false }),
    each('snapshots', ({ snapshots }) => snapshots, tell.tellSnapshot),
    each(
      'checkpoints',
      ({ checkpoints }) => checkpoints,
      ({ file, sizeBytes }) => `${file}, ${formatSize(sizeBytes)}`,
    ),
    computed('quorum', ({ quorum }) => (quorum === null ? null : { ...quorum }), {
      shown: ({ quorum }) =>
        quorum === null ? null : `led by node ${quorum.leaderId} in epoch ${quorum.leaderEpoch}`,
    }),
    each('leftovers', ({ leftovers }) => leftovers, tell.tellLeftover),
    column('otherFiles', { onePerLine: true }),
    column('warnings', { onePerLine: true, colour: () => 'red' }),
  ],
}

export class SegmentsDescribe extends BaseCommand {
  static override summary =
    'Describe partitions in full: offsets, epochs, producers, transactions, segments, files.'

  static override description = [
    'What the folder of a partition and the checkpoints around it tell, as a broker would have it after a start: where',
    'the log starts and ends, how far readers get and what holds them, what is flushed and what is cleaned, who is',
    'writing, which transactions are open, and which were aborted, by the transaction indexes. In JSON each offset that',
    'is not the plain fact has beside it what it is, as in highWatermarkInfo.',
    '\n\nOf the log only its end is read, and what lies behind the newest producer snapshot: ktool segments list goes',
    'through all of it, and ktool segments verify says what is wrong with it. What was damaged or missing on the way is',
    'told as a warning, and the exit code is 3.',
  ].join(' ')

  static override examples = [
    { description: 'One partition', command: '<%= config.bin %> segments describe /var/lib/kafka/orders-0' },
    {
      description: 'Which producers hold transactions open, in a whole log directory?',
      command:
        "<%= config.bin %> segments describe /var/lib/kafka -o jsonl | jq -c 'select(.openTransactions != []) | {folder, openTransactions}'",
    },
  ]

  static override args = {
    path: argumentList({ description: 'folders of partitions, or whole log directories', required: true }),
  }

  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args } = await this.parse(SegmentsDescribe)
    return stream(shape, describePaths(new SteadyDisk(this.surroundings.disk), args.path ?? []), {
      asBlocks: true,
    })
  }
}

/** Machines get every field of each, people a line for each. */
function each<T extends object>(
  key: keyof PartitionDescription & string,
  values: (row: PartitionDescription) => readonly T[] | null,
  tellOne: (value: T) => string,
): Column<PartitionDescription> {
  return computed(
    key,
    (row) => values(row)?.map((value) => ({ ...value }) as { [key: string]: Value }) ?? null,
    {
      shown: (row) => tell.tellEach(values(row) ?? [], tellOne),
      onePerLine: true,
    },
  )
}
