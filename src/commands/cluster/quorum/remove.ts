import { changeVotersChange } from '../../../lib/changes/cluster/change-voters.ts'
import { argumentList } from '../../../lib/cli/arguments.ts'
import { changeShape } from '../../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../../lib/cli/flags.ts'
import { planLostVoters } from '../../../lib/operations/quorum/plan-voters.ts'
import { parseVoter } from '../../../lib/operations/quorum/voter-words.ts'
import type { Result } from '../../../lib/output/result.ts'
import { openCluster } from '../../../lib/places/open-cluster.ts'

export class ClusterQuorumRemove extends ChangingCommand {
  static override summary = 'Take a controller its vote in the metadata quorum.'

  static override description = [
    'It goes on reading the metadata log as long as it runs, as an Observer; then it can be stopped. One that is gone for',
    'good is removed the same way. Several are removed one after the other; the last voter stays. All nodes find the',
    'quorum by controller.quorum.bootstrap.servers: see that it names others there, before one goes, the leader above all.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster quorum remove 3@MmUvMNd9SOiJoAMeavCsCg -b kafka1:9092',
    {
      description: 'What would be left?',
      command: '<%= config.bin %> cluster quorum remove 3 --dry-run -c staging',
    },
  ]

  static override args = {
    controllers: argumentList({
      description: 'their ids, and those of their directories: ID@DIRECTORY-ID',
      required: true,
    }),
  }

  static override flags = { ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ClusterQuorumRemove)
    const voters = (args.controllers ?? []).map(parseVoter)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, changeVotersChange(changers), (origin) =>
      planLostVoters(changers.quorum, voters, origin),
    )
  }
}
