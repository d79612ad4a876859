import { parsePlan } from '../../lib/changes/plan-file.ts'
import { keptMarks, keptReassignments, lastPlan } from '../../lib/changes/reassign/kept-reassignments.ts'
import { reassignChange } from '../../lib/changes/reassign/reassign-change.ts'
import { replanned } from '../../lib/changes/reassign/replanned.ts'
import { optionalArgument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { diskFlags, moveFlags, readMoveFlags } from '../../lib/cli/reassign-flags.ts'
import { FailedError } from '../../lib/errors.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const { additional: _unasked, ...limitFlags } = moveFlags

export class ReassignRollback extends ChangingCommand {
  static override summary = 'Bring replicas back to where they were before a reassignment.'

  static override description = [
    'Each reassignment of ktool keeps what undoes it, before it changes anything, and tells where. This does that: of FILE,',
    'or of the last reassignment of this cluster that was made from here. What never moved is left alone; what is still on',
    'its way is turned round. If somebody else has moved one of the partitions since, nothing is done. A rollback is not',
    'rolled back: said twice, it does nothing the second time; what brings the moves again is the file that it tells of.',
  ].join(' ')

  static override examples = [
    {
      description: 'The last one, to see what it would do',
      command: '<%= config.bin %> reassign rollback --dry-run -b kafka1:9092',
    },
    '<%= config.bin %> reassign rollback rollback.json --throttle 50MB --yes -b kafka1:9092',
  ]

  static override args = {
    file: optionalArgument({
      description: 'what was kept; the last of this cluster if it is not said',
    }),
  }

  static override flags = {
    ...limitFlags,
    ...diskFlags,
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignRollback)
    const limits = readMoveFlags({ ...flags, additional: true })
    const { file } = args
    const text = file === undefined ? undefined : await readTextOf(this.surroundings, file, 'the plan')
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const { clusterId } = await cluster.nodes()
    const kept = keptReassignments(this.surroundings.disk, this.rollbackFolder, clusterId)
    const plan = text === undefined ? lastPlan(kept) : parsePlan(text, file ?? '')
    if (plan === undefined) throw nothingKept(this.rollbackFolder)
    const at = { ...limits, formerMarks: keptMarks(kept) }
    const made = await replanned(changers, plan, at, { isRollback: true })
    return this.changeAsKept(cluster, flags, reassignChange(changers), made)
  }
}

function nothingKept(folder: string): FailedError {
  return new FailedError('nothing-kept', 'no reassignment of this cluster was made from here', {
    hint: `what undoes them is kept in ${folder}; name another file`,
    details: { folder },
  })
}
