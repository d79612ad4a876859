import { changeDeletedGroups } from '../../lib/changes/groups/deleted-groups.ts'
import { planDeletion } from '../../lib/changes/groups/plan-deletion.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { groupsMatching } from '../../lib/operations/choose-groups.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class GroupsDelete extends ChangingCommand {
  static override summary = 'Delete groups, with all that they have committed.'

  static override description = [
    'Only groups without members: the others are refused, with the names of those who are in them. What the groups had',
    'committed is kept as a plan for ktool apply, which commits it again, and as CSV for Kafka’s own tools; the start of a',
    'share group cannot be brought back.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups delete billing-canary -b kafka1:9092',
    {
      description: 'See which groups a pattern means',
      command: `<%= config.bin %> groups delete --regex 'console-consumer-.*' --dry-run -b kafka1:9092`,
    },
  ]

  static override args = {
    group: argumentList({ description: 'names of groups, or patterns of whole names', required: true }),
  }

  static override flags = {
    regex: boolean({ summary: 'The names are patterns.' }),
    ...changeFlags,
    ...clusterFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsDelete)
    const named = args.group ?? []
    const { changers, cluster } = await openCluster(flags, this.surroundings)
    const { view } = changers.groups
    return this.change(cluster, flags, changeDeletedGroups(changers.groups), async (origin) => {
      const chosen = flags.regex
        ? await groupsMatching(view, named)
        : { groups: [...new Set(named)], failures: [] }
      const { plan, failures } = await planDeletion(view, chosen.groups, origin)
      return { plan, failures: [...chosen.failures, ...failures] }
    })
  }
}
