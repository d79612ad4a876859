import { changeVotersChange } from '../../../lib/changes/cluster/change-voters.ts'
import { argument } from '../../../lib/cli/arguments.ts'
import { changeShape } from '../../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags, string } from '../../../lib/cli/flags.ts'
import { planNewVoter } from '../../../lib/operations/quorum/plan-voters.ts'
import { parseEndpoint, parseVoter } from '../../../lib/operations/quorum/voter-words.ts'
import type { Result } from '../../../lib/output/result.ts'
import { openCluster } from '../../../lib/places/open-cluster.ts'

export class ClusterQuorumAdd extends ChangingCommand {
  static override summary = 'Give a controller a vote in the metadata quorum.'

  static override description = [
    'The controller runs already, formatted with --no-initial-controllers, and is an Observer in `ktool cluster quorum`,',
    'which shows its id and that of its directory. The endpoint is where the other controllers reach it: the names of its',
    'listeners among controller.listener.names, with host and port. It works where the quorum keeps its voters itself',
    '(kraft.version 1, Kafka 3.9 and later). Add and remove one after the other, and look in between.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster quorum add 4@_1_iaWxoP4d3PKs4cglyig --endpoint CONTROLLER://kafka4:9093 -b kafka1:9092',
    {
      description: 'The directory need not be said where node 4 has one alone',
      command:
        '<%= config.bin %> cluster quorum add 4 --endpoint CONTROLLER://kafka4:9093 --dry-run -c staging',
    },
  ]

  static override args = {
    controller: argument({
      description: 'its id, and that of its directory: ID@DIRECTORY-ID',
      required: true,
    }),
  }

  static override flags = {
    endpoint: string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Where it listens as a controller; the flag for each listener.',
      helpValue: 'NAME://HOST:PORT',
    }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ClusterQuorumAdd)
    const voter = parseVoter(args.controller)
    const endpoints = flags.endpoint.map(parseEndpoint)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, changeVotersChange(changers), (origin) =>
      planNewVoter(changers.quorum, voter, endpoints, origin),
    )
  }
}
