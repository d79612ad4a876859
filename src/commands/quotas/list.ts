import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { entityFlags, entityOf, quotaShape } from '../../lib/cli/quota-flags.ts'
import { served } from '../../lib/model/views.ts'
import { isMeant } from '../../lib/operations/quota-entity.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { openPlace } from '../../lib/places/open-place.ts'

export class QuotasList extends BaseCommand {
  static override summary = 'List the quotas of users, clients and addresses.'

  static override description = [
    'A limit a row. An entity is a user, a client id or both, or an IP address; a name that is null (<default> in a',
    'table) stands for all who have no quota of their own. The filters name parts of entities: with --user alice come',
    'those of alice alone and of alice with any client id; --strict leaves out those with other parts.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> quotas list -b kafka1:9092',
    {
      description: 'The limits of one user, whatever the client',
      command: '<%= config.bin %> quotas list --user alice -c prod',
    },
    {
      description: 'What holds for users without a quota of their own',
      command: "<%= config.bin %> quotas list --user '<default>' --strict --log-dir /var/lib/kafka/data",
    },
  ]

  static override flags = {
    ...entityFlags,
    strict: boolean({ summary: 'No entities with other parts than those named.', helpGroup: 'filter' }),
    ...placeFlags,
    ...outputFlags(quotaShape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(QuotasList)
    const wanted = entityOf(flags)
    const place = await openPlace(flags, this.surroundings)
    const rows = (await served(place.quotas).list()).filter(({ entity }) =>
      isMeant(entity, wanted, flags.strict),
    )
    const trouble = place.trouble()
    return list(quotaShape, rows, {
      notes: place.notes(),
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}
