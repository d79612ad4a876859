import { changeCommits, planOfCommits } from '../../lib/changes/groups/commits.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { CommitsCommand } from '../../lib/cli/commits-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { UsageError } from '../../lib/errors.ts'
import { planForgetting } from '../../lib/operations/plan-forgetting.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseTopicPartitions } from '../../lib/values/partitions.ts'

export class GroupsDeleteOffsets extends CommitsCommand {
  static override summary = 'Delete what a group has committed for topics that it reads no more.'

  static override description = [
    'The group may have members, as long as none of them reads the topic: the broker refuses those partitions, and the',
    'others go. Of a share group it is whole topics. What was committed is kept as a plan for ktool apply, which commits',
    'it again.',
  ].join(' ')

  static override examples = [
    {
      description: 'Lag of a topic that nobody reads any more goes away',
      command: '<%= config.bin %> groups delete-offsets billing --topic orders-old -b kafka1:9092',
    },
  ]

  static override args = {
    group: argument({ description: 'the group', required: true }),
  }

  static override flags = {
    topic: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'This topic, or partitions of it: orders, orders:0,2-5; repeat it for more.',
      helpValue: 'TOPIC',
    }),
    'all-topics': boolean({ summary: 'Everything that it has committed.', exclusive: ['topic'] }),
    ...changeFlags,
    ...clusterFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsDeleteOffsets)
    if (flags.topic === undefined && !flags['all-topics']) throw noScope()
    const topics = flags.topic?.map(parseTopicPartitions)
    const { changers, cluster } = await openCluster(flags, this.surroundings)
    return this.changeCommits(cluster, flags, changeCommits(changers.groups), async (origin) =>
      planOfCommits(origin, await planForgetting(changers.groups.view, args.group, topics)),
    )
  }
}

function noScope(): UsageError {
  return new UsageError(
    'no-scope',
    'say which offsets: --topic orders, --topic orders:0,2-5, or --all-topics',
  )
}
