import { alterUsersChange } from '../../lib/changes/users/alter-users.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, oneOf, outputFlags } from '../../lib/cli/flags.ts'
import { scramMechanisms } from '../../lib/model/users.ts'
import { planDeletedUsers } from '../../lib/operations/users/credential-value.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class UsersDelete extends ChangingCommand {
  static override summary = 'Delete SCRAM credentials of users.'

  static override description = [
    'Those of one mechanism, or all that each has. Nobody tells what they were made of, so nothing brings them back:',
    'the name has to be typed, or said with --confirm. Connections that stand stay until they authenticate anew.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> users delete alice -b kafka1:9092',
    {
      description: 'The older mechanism alone',
      command:
        "<%= config.bin %> users delete alice --mechanism scram-sha-256 --confirm 'alice SCRAM-SHA-256' -c staging",
    },
  ]

  static override args = { users: argumentList({ description: 'names of users', required: true }) }

  static override flags = {
    mechanism: oneOf(scramMechanisms)({ summary: `Of this one alone: ${scramMechanisms.join(', ')}.` }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(UsersDelete)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterUsersChange(changers.users, []), (origin) =>
      planDeletedUsers(changers.users, args.users ?? [], flags.mechanism, origin),
    )
  }
}
