import { alterUsersChange } from '../../lib/changes/users/alter-users.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, integer, oneOf, outputFlags, string } from '../../lib/cli/flags.ts'
import { newPassword } from '../../lib/cli/new-password.ts'
import { scramMechanisms } from '../../lib/model/users.ts'
import type { NewCredential } from '../../lib/model/users-changer.ts'
import { planSetUsers } from '../../lib/operations/users/credential-value.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const SALT_BYTES = 32
/** What Kafka asks for at least, and allows at most. */
const [FEWEST, MOST] = [4096, 16_384]

/** A plan without the password would set nothing. */
const { 'plan-out': _, ...changesAtOnce } = changeFlags

export class UsersSet extends ChangingCommand {
  static override summary = 'Set the password of a SCRAM user, who is made if he is not there.'

  static override description = [
    'The password is asked for on a terminal, or --password says where it is: @FILE or env:NAME. It is never typed in a',
    'command, and it never leaves this machine: what is sent is made of it, of a salt and of many iterations, as',
    "Kafka's own tools do it. No plan has it in it.",
  ].join(' ')

  static override examples = [
    '<%= config.bin %> users set alice -b kafka1:9092',
    {
      description: 'From a file, as scripts do',
      command:
        '<%= config.bin %> users set alice --mechanism scram-sha-256 --password @alice.password --yes -c staging',
    },
  ]

  static override args = { user: argument({ description: 'name of the user', required: true }) }

  static override flags = {
    mechanism: oneOf(scramMechanisms)({
      summary: `${scramMechanisms.join(' or ')}; the latter if it is not said.`,
    }),
    iterations: integer({
      min: FEWEST,
      max: MOST,
      default: FEWEST,
      summary: `How much work a guess shall cost, from ${FEWEST} to ${MOST}.`,
    }),
    password: string({ summary: 'Where the password is.', helpValue: '@FILE|env:NAME' }),
    ...clusterFlags,
    ...changesAtOnce,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(UsersSet)
    const mechanism = scramMechanisms.find((each) => each === flags.mechanism) ?? 'SCRAM-SHA-512'
    const password = await newPassword(flags.password, args.user, this.surroundings)
    const { random } = await this.surroundings.world()
    const salt = random.bytes(SALT_BYTES)
    const credential: NewCredential = {
      user: args.user,
      mechanism,
      iterations: flags.iterations,
      salt,
      password,
    }
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterUsersChange(changers.users, [credential]), (origin) =>
      planSetUsers(changers.users, [credential], origin),
    )
  }
}
