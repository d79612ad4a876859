import { parsePlan } from '../../lib/changes/plan-file.ts'
import { keptMarks, keptReassignments } from '../../lib/changes/reassign/kept-reassignments.ts'
import { reassignSettings } from '../../lib/changes/reassign/reassign-settings.ts'
import {
  UNTHROTTLE,
  unthrottleChange,
  unthrottleSteps,
} from '../../lib/changes/reassign/unthrottle-change.ts'
import { optionalArgument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { newPlan } from '../../lib/model/plan.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class ReassignUnthrottle extends ChangingCommand {
  static override summary = 'Take away throttles that a killed reassignment has left.'

  static override description = [
    'A reassignment takes its throttle away when it ends, unless it was killed the hard way. What it had set stands in what',
    'it kept to be undone: of FILE, or of every reassignment of this cluster that was made from here. Only that is taken',
    'away, as far as it is still there: rates that somebody has changed since are his, and lists keep what others added.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> reassign unthrottle -b kafka1:9092',
    '<%= config.bin %> reassign unthrottle rollback.json --yes -b kafka1:9092',
  ]

  static override args = {
    file: optionalArgument({
      description: 'what was kept of one reassignment; all of this cluster if it is not said',
    }),
  }

  static override flags = { ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignUnthrottle)
    const { file } = args
    const text = file === undefined ? undefined : await readTextOf(this.surroundings, file, 'the plan')
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, unthrottleChange(changers), async (origin) => {
      const marks =
        text === undefined
          ? keptMarks(keptReassignments(this.surroundings.disk, this.rollbackFolder, origin.clusterId))
          : reassignSettings(parsePlan(text, file ?? '')).throttles
      const steps = await unthrottleSteps(changers.reassignments, marks)
      return { plan: newPlan(UNTHROTTLE, origin, steps), failures: [] }
    })
  }
}
