import { aclFilter, aclFilterFlags, aclShape } from '../../lib/cli/acl-flags.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { isMeant } from '../../lib/model/acl-filter.ts'
import { served } from '../../lib/model/views.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { openPlace } from '../../lib/places/open-place.ts'

export class AclsList extends BaseCommand {
  static override summary = 'List access control entries.'

  static override description = [
    'Who may do what, from where, with which resource. A PREFIXED name stands for all that begin with it, a literal *',
    'for every one. A live cluster tells them where it has an authorizer; a disk tells them by its metadata log, and',
    'whether an authorizer looks at them is said in server.properties.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> acls list -b kafka1:9092',
    {
      description: 'Whatever holds for one topic, prefixes and * among it',
      command: '<%= config.bin %> acls list --resource topic:orders --pattern match -c prod',
    },
    '<%= config.bin %> acls list --principal User:alice --log-dir /var/lib/kafka/data',
  ]

  static override flags = { ...aclFilterFlags, ...placeFlags, ...outputFlags(aclShape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(AclsList)
    const filter = aclFilter(flags)
    const place = await openPlace(flags, this.surroundings)
    const rows = (await served(place.acls).list()).filter((acl) => isMeant(acl, filter))
    const trouble = place.trouble()
    return list(aclShape, rows, { notes: place.notes(), unread: place.unread(), ...(trouble && { trouble }) })
  }
}
