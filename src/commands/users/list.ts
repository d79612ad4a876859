import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { UserCredential } from '../../lib/model/users.ts'
import { served } from '../../lib/model/views.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<UserCredential> = {
  version: 1,
  name: ({ user }) => user,
  columns: [column('user'), column('mechanism'), column('iterations', { kind: 'number' })],
}

export class UsersList extends BaseCommand {
  static override summary = 'List the users that have a SCRAM credential.'

  static override description = [
    'One a row for each mechanism. Salts and keys are never printed. Users of other kinds (certificates, Kerberos,',
    'OAuth, PLAIN) are not known to Kafka as a list.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> users list -b kafka1:9092',
    '<%= config.bin %> users list --log-dir /var/lib/kafka/data',
    {
      description: 'Users without a credential of SCRAM-SHA-512',
      command:
        '<%= config.bin %> users list --log-dir DIR -o json | jq -r \'.items | group_by(.user)[] | select(all(.mechanism != "SCRAM-SHA-512"))[0].user\'',
    },
  ]

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(UsersList)
    const place = await openPlace(flags, this.surroundings)
    const rows = await served(place.users).list()
    const trouble = place.trouble()
    return list(shape, rows, { notes: place.notes(), unread: place.unread(), ...(trouble && { trouble }) })
  }
}
