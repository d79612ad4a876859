import { argument, argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { type ConfigEntry, configTypes } from '../../lib/model/configs.ts'
import { served } from '../../lib/model/views.ts'
import { configRows } from '../../lib/operations/config-rows.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<ConfigEntry> = {
  version: 1,
  columns: [
    column('type', { isInTable: false }),
    column('resource'),
    column('name'),
    column('value', { shown: ({ value, isSensitive }) => (isSensitive ? '(secret)' : value) }),
    computed('sensitive', ({ isSensitive }) => isSensitive, { isInTable: false }),
  ],
}

export class ConfigsGet extends BaseCommand {
  static override summary = 'Show the configs that were set of topics, brokers, groups or client metrics.'

  static override description = [
    'Those that were set while the cluster ran, as its metadata log has them. What stands in server.properties, and',
    'the defaults, are not in the log: whatever is not printed here is at one of those. The configs of all brokers',
    'together are those of the broker `default`. Passwords are covered.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> configs get topics orders --log-dir /var/lib/kafka/data',
    {
      description: 'Whatever was set of brokers, one by one and all together',
      command: '<%= config.bin %> configs get brokers --log-dir DIR',
    },
    '<%= config.bin %> configs get client-metrics --log-dir DIR -o json',
  ]

  static override args = {
    type: argument({ description: 'what has the configs', required: true, options: [...configTypes] }),
    names: argumentList({ description: 'names or ids; all that have something set if none is given' }),
  }

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ConfigsGet)
    const place = openPlace(flags, this.surroundings)
    const { rows, failures, notes } = await configRows(served(place.configs), args.type, args.names)
    const trouble = place.trouble()
    return list(shape, rows, {
      failures,
      notes: [...notes, ...place.notes()],
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}
