import { changeMembers } from '../../lib/changes/groups/members.ts'
import { planRemoval } from '../../lib/changes/groups/plan-removal.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const several = { multiple: true, multipleNonGreedy: true } as const

export class GroupsKick extends ChangingCommand {
  static override summary = 'Remove members from a group, so that others get their partitions.'

  static override description = [
    'For a member that is dead and whose session takes long to end, or one that hangs: its partitions are given to the',
    'others at once. Static members are named by their instance id. A member that is alive joins again by itself.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups kick billing --instance billing-7 -b kafka1:9092',
    {
      description: 'Everyone, after a crash of all of them',
      command: '<%= config.bin %> groups kick billing --all --yes -b kafka1:9092',
    },
  ]

  static override args = {
    group: argument({ description: 'the group', required: true }),
  }

  static override flags = {
    member: string({ ...several, summary: 'The member with this id; repeat it for more.', helpValue: 'ID' }),
    instance: string({
      ...several,
      summary: 'The static member with this group.instance.id; repeat it for more.',
      helpValue: 'ID',
    }),
    all: boolean({ summary: 'All members.', exclusive: ['member', 'instance'] }),
    ...changeFlags,
    ...clusterFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsKick)
    const wanted = { memberIds: flags.member ?? [], instanceIds: flags.instance ?? [], isAll: flags.all }
    if (!wanted.isAll && wanted.memberIds.length + wanted.instanceIds.length === 0) throw nobody()
    const { changers, cluster } = await openCluster(flags, this.surroundings)
    const { groups } = changers
    return this.change(cluster, flags, changeMembers(groups), (origin) =>
      planRemoval(groups.view, args.group, wanted, origin),
    )
  }
}

function nobody(): UsageError {
  return new UsageError('no-member', 'say who: --member ID, --instance ID, or --all', {
    hint: 'ktool groups describe GROUP --members names them',
  })
}
