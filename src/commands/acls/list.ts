import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { Acl } from '../../lib/model/acls.ts'
import { served } from '../../lib/model/views.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<Acl> = {
  version: 1,
  columns: [
    column('resourceType', { header: 'RESOURCE' }),
    column('resourceName', { header: 'NAME' }),
    column('patternType', { header: 'PATTERN' }),
    column('principal'),
    column('host'),
    column('operation'),
    column('permission', { colour: ({ permission }) => (permission === 'DENY' ? 'red' : undefined) }),
  ],
}

export class AclsList extends BaseCommand {
  static override summary = 'List access control entries.'

  static override description = [
    'As the metadata log has them: who may do what, from where, with which resource. A PREFIXED name stands for all',
    'that begin with it, * for every one. Whether an authorizer looks at them is said in server.properties.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> acls list --log-dir /var/lib/kafka/data',
    {
      description: 'Whatever one principal may do',
      command:
        '<%= config.bin %> acls list --log-dir DIR -o json | jq \'.items[] | select(.principal == "User:alice")\'',
    },
  ]

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(AclsList)
    const place = openPlace(flags, this.surroundings)
    const rows = await served(place.acls).list()
    const trouble = place.trouble()
    return list(shape, rows, { notes: place.notes(), unread: place.unread(), ...(trouble && { trouble }) })
  }
}
