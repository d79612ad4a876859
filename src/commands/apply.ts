import { changeOfKind } from '../lib/changes/change-of-kind.ts'
import { parsePlan } from '../lib/changes/plan-file.ts'
import { argument } from '../lib/cli/arguments.ts'
import { changeShape } from '../lib/cli/change-shape.ts'
import { ChangingCommand } from '../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../lib/cli/flags.ts'
import { readTextOf } from '../lib/cli/read-file.ts'
import type { Result } from '../lib/output/result.ts'
import { openCluster } from '../lib/places/open-cluster.ts'

const { 'plan-out': _made, ...applyFlags } = changeFlags

export class Apply extends ChangingCommand {
  static override summary = 'Do what a plan says that was made before, or undo what was done.'

  static override description = [
    'Every changing command writes its plan with --plan-out FILE, and before it changes anything, the plan that undoes it:',
    'it tells where. This does either. A plan is for one cluster, and for the cluster as it was: if anything in it has',
    'changed since, all of it is refused before anything is sent (stale-plan), and so it is on another cluster',
    '(wrong-cluster). What is done already is left alone, so that a plan can be applied again after it was interrupted.',
  ].join(' ')

  static override examples = [
    {
      description: 'Make a plan, let somebody look at it, and do it',
      command: '<%= config.bin %> topics alter orders --partitions 12 -b kafka1:9092 --plan-out plan.json',
    },
    '<%= config.bin %> apply plan.json -b kafka1:9092',
    {
      description: 'What would it do by now?',
      command: '<%= config.bin %> apply plan.json -b kafka1:9092 --dry-run',
    },
  ]

  static override args = {
    file: argument({ description: 'the plan; - reads it from stdin', required: true }),
  }

  static override flags = { ...clusterFlags, ...applyFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Apply)
    const plan = parsePlan(await readTextOf(this.surroundings, args.file, 'the plan'), args.file)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.changeAsKept(cluster, flags, changeOfKind(plan.kind, changers), plan)
  }
}
