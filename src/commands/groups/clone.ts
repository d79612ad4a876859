import { changeCommits, planOfCommits } from '../../lib/changes/groups/commits.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { CommitsCommand, resetViewsOf, scopeOf, takeOverFlags } from '../../lib/cli/commits-command.ts'
import { UsageError } from '../../lib/errors.ts'
import { planReset } from '../../lib/operations/plan-reset.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class GroupsClone extends CommitsCommand {
  static override summary = 'Let a group begin where another one is.'

  static override description = [
    'Everything that the first group has committed is committed for the second, with its leader epoch and metadata. The',
    'second is made if it is not there; if it is, it must have no members, and what else it has committed stays. The first',
    'may be reading meanwhile: what it commits later is its own.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups clone billing billing-v2 -b kafka1:9092',
    {
      description: 'To try a change on one topic beside the service that runs',
      command: '<%= config.bin %> groups clone billing billing-canary --topic orders --yes -b kafka1:9092',
    },
  ]

  static override args = {
    from: argument({ description: 'the group whose offsets are taken', required: true }),
    to: argument({ description: 'the group that they are committed for', required: true }),
  }

  static override flags = takeOverFlags

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsClone)
    if (args.from === args.to)
      throw new UsageError('same-group', `"${args.from}" is there twice: name another group`)
    const scope = scopeOf(flags.topic)
    const target = { kind: 'group' as const, group: args.from }
    const { views, changers, cluster } = await openCluster(flags, this.surroundings)
    const resetViews = resetViewsOf(views)
    return this.changeCommits(cluster, flags, changeCommits(changers.groups), async (origin) => {
      await this.waitForEmpty(changers.groups, [args.to], flags.wait)
      return planOfCommits(origin, await planReset(resetViews, { groups: [args.to], scope, target }))
    })
  }
}
