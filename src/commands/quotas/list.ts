import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { Quota } from '../../lib/model/quotas.ts'
import { served } from '../../lib/model/views.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<Quota> = {
  version: 1,
  columns: [
    computed('entity', ({ entity }) => entity, { shown: ({ entity }) => entityInWords(entity) }),
    column('quota'),
    column('value', { kind: 'number' }),
  ],
}

export class QuotasList extends BaseCommand {
  static override summary = 'List the quotas of users, clients and addresses.'

  static override description = [
    'As the metadata log has them, a limit a row. An entity is a user, a client id or both, or an IP address; a name',
    'that is null (<default> in a table) stands for all who have no quota of their own.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> quotas list --log-dir /var/lib/kafka/data',
    {
      description: 'The limits of one user',
      command:
        '<%= config.bin %> quotas list --log-dir DIR -o json | jq \'.items[] | select(.entity.user == "alice")\'',
    },
  ]

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(QuotasList)
    const place = openPlace(flags, this.surroundings)
    const rows = await served(place.quotas).list()
    const trouble = place.trouble()
    return list(shape, rows, { notes: place.notes(), unread: place.unread(), ...(trouble && { trouble }) })
  }
}

function entityInWords(entity: Quota['entity']): string[] {
  return Object.entries(entity).map(([type, name]) => `${type}=${name ?? '<default>'}`)
}
