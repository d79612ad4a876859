import { cancelChange } from '../../lib/changes/reassign/cancel-change.ts'
import { planCancel } from '../../lib/changes/reassign/plan-cancel.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { PickedPartitions } from '../../lib/cli/partition-words.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class ReassignCancel extends ChangingCommand {
  static override summary = 'Cancel what is being moved: the new replicas go again.'

  static override description = [
    'Whatever the controller lists as under way, or those of it that are named; also a partition that only gets more',
    'replicas. A replica on its way to another disk of its broker stays on the one where it is. What is done already stays',
    'done: ktool reassign rollback brings that back. The plan that is kept begins the same moves anew.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> reassign cancel --all -b kafka1:9092',
    '<%= config.bin %> reassign cancel orders payments:0,2-5 --yes -b kafka1:9092',
  ]

  static override args = {
    partitions: argumentList({ description: 'topics, or partitions of them: orders, payments:0,2-5' }),
  }

  static override flags = {
    all: boolean({ summary: 'Everything that is under way.' }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignCancel)
    const words = args.partitions ?? []
    if ((flags.all === true) === words.length > 0) throw whichOnes()
    const picked = new PickedPartitions(words)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, cancelChange(changers), (origin) =>
      planCancel(changers, (each) => picked.has(each), origin),
    )
  }
}

function whichOnes(): UsageError {
  return new UsageError('which-partitions', 'name the partitions, or say --all', {
    hint: 'ktool reassign status shows what is under way',
  })
}
