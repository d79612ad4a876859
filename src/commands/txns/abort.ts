import { abortTransactionsChange } from '../../lib/changes/txns/abort-transactions.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, duration, outputFlags, string } from '../../lib/cli/flags.ts'
import { UsageError } from '../../lib/errors.ts'
import { planAbort } from '../../lib/operations/plan-abort.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseTopicPartitions } from '../../lib/values/partitions.ts'

export class TxnsAbort extends ChangingCommand {
  static override summary = 'Abort transactions that hang, so that readers of committed records get on.'

  static override description = [
    'It writes the marker that no coordinator will write, into the partition alone: what the transaction wrote there is',
    'never given to readers of committed records, and nothing brings it back, so that the name has to be typed, or given',
    'with --confirm: the partition and the first offset, as `ktool txns hanging` shows them. What that calls hanging is',
    'aborted; a transaction that somebody will end by himself is refused, unless --force is said.',
  ].join(' ')

  static override examples = [
    {
      description: 'What would be aborted?',
      command: '<%= config.bin %> txns abort orders --dry-run -b kafka1:9092',
    },
    "<%= config.bin %> txns abort orders:3 --start-offset 1200 --confirm 'orders:3 1200' -b kafka1:9092",
  ]

  static override args = {
    topic: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5',
      required: true,
    }),
  }

  static override flags = {
    'start-offset': string({
      summary: 'Only the transaction whose first offset this is; all that hang if it is not said.',
      helpValue: 'OFFSET',
    }),
    'max-timeout': duration({
      summary: 'For so long after its last write a transaction does not hang yet; 15m if not said.',
    }),
    force: boolean({ summary: 'Abort those too that a coordinator has under way.' }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TxnsAbort)
    const question = {
      partitions: (args.topic ?? []).map(parseTopicPartitions),
      startOffset: offsetOf(flags['start-offset']),
      isForced: flags.force,
      nowMs: this.surroundings.clock.nowMs(),
      settledMs: flags['max-timeout'],
    }
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const { transactions } = changers
    return this.change(cluster, flags, abortTransactionsChange(transactions), (origin) =>
      planAbort(transactions.view, question, origin),
    )
  }
}

function offsetOf(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,19}$/.test(text)) return BigInt(text)
  throw new UsageError('invalid-offset', `"${text}" is no offset`)
}
