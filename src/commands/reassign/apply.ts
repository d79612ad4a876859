import { parsePlan } from '../../lib/changes/plan-file.ts'
import { keptMarks, keptReassignments } from '../../lib/changes/reassign/kept-reassignments.ts'
import { planReassignment } from '../../lib/changes/reassign/plan-reassignment.ts'
import { reassignChange } from '../../lib/changes/reassign/reassign-change.ts'
import { replanned } from '../../lib/changes/reassign/replanned.ts'
import {
  UNTHROTTLE,
  unthrottleChange,
  unthrottleSteps,
} from '../../lib/changes/reassign/unthrottle-change.ts'
import { changesNothing } from '../../lib/changes/standing.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { diskFlags, moveFlags, readMoveFlags } from '../../lib/cli/reassign-flags.ts'
import { newPlan } from '../../lib/model/plan.ts'
import { isKtoolPlan, parseReassignment } from '../../lib/operations/reassign-json.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class ReassignApply extends ChangingCommand {
  static override summary = 'Move replicas to where a file says, and wait until they are there.'

  static override description = [
    "FILE is Kafka's reassignment JSON, or a plan of ktool's. Each batch is waited for, with its progress in bytes. With",
    '--throttle the brokers between which something is copied get a rate, and topics list the replicas that it holds for:',
    'those of these moves alone, beside what is set already. What was set before is kept on disk first, and brought back at',
    'the end, also after Ctrl-C or a failure. Who is stopped while a throttle holds cancels what is on its way, since it',
    'would go on at full speed; without one it goes on by itself. Either way the same command again does what is left.',
    'If ktool was killed the hard way, ktool reassign unthrottle takes away what it left, and so does the next run.',
    '\n\nWhere the file names log directories, replicas are also moved between the disks of their brokers, or created on',
    'the right one. --disk-throttle holds that back, on the brokers concerned alone.',
  ].join(' ')

  static override examples = [
    {
      description: 'What would it do?',
      command: '<%= config.bin %> reassign apply moves.json --dry-run -b kafka1:9092',
    },
    {
      description: 'Ten partitions at a time, no faster than 50 MB/s',
      command: '<%= config.bin %> reassign apply moves.json --throttle 50MB --batch 10 --yes -b kafka1:9092',
    },
  ]

  static override args = {
    file: argument({
      description: "Kafka's reassignment JSON, or ktool's plan; - reads it from stdin",
      required: true,
    }),
  }

  static override flags = {
    ...moveFlags,
    ...diskFlags,
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignApply)
    const limits = readMoveFlags(flags)
    const text = await readTextOf(this.surroundings, args.file, 'the file')
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const { clusterId } = await cluster.nodes()
    const kept = keptReassignments(this.surroundings.disk, this.rollbackFolder, clusterId)
    const all = { ...limits, formerMarks: keptMarks(kept) }
    const change = reassignChange(changers)
    if (isKtoolPlan(text)) {
      const plan = await replanned(changers, parsePlan(text, args.file), all)
      return this.changeAsKept(cluster, flags, change, plan)
    }
    const lines = parseReassignment(text, args.file)
    const origin = { clusterId, madeAtMs: this.surroundings.clock.nowMs() }
    const planned = await planReassignment(changers, { lines }, all, origin)
    const isDone = planned.failures.length === 0 && planned.plan.steps.every(changesNothing)
    const left = isDone ? await unthrottleSteps(changers.reassignments, all.formerMarks) : []
    if (left.length === 0) return this.change(cluster, flags, change, async () => planned)
    const warnings = ['every replica is where it is to be, and a throttle was left by a run that was killed']
    const plan = newPlan(UNTHROTTLE, origin, left, { warnings })
    return this.change(cluster, flags, unthrottleChange(changers), async () => ({ plan, failures: [] }))
  }
}
