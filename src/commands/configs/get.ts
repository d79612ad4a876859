import { argumentList, pluralArgument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, outputFlags, string } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { type ConfigEntry, shownConfigTypes } from '../../lib/model/configs.ts'
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
    column('source', { isInTable: false }),
    computed('set', ({ isSet }) => isSet, { isInTable: false }),
    computed('sensitive', ({ isSensitive }) => isSensitive, { isInTable: false }),
    computed('readOnly', ({ isReadOnly }) => isReadOnly, { isInTable: false }),
    column('valueType', { isInTable: false }),
    computed('synonyms', ({ synonyms }) => synonyms?.map((each) => ({ ...each })) ?? null, {
      isInTable: false,
      shown: ({ synonyms }) =>
        synonyms?.map(({ name, value, source }) => `${source}:${name}=${value ?? '(secret)'}`),
      folds: true,
    }),
    column('documentation', { isInTable: false, standsLast: true, folds: true }),
  ],
}

/** What was asked for has a place in the table too. */
function shapeFor(keys: readonly string[]): Shape<ConfigEntry> {
  return {
    ...shape,
    columns: shape.columns.map((each) => (keys.includes(each.key) ? { ...each, isInTable: true } : each)),
  }
}

export class ConfigsGet extends BaseCommand {
  static override summary = 'Show the configs of topics, brokers, groups or client metrics.'

  static override description = [
    'Those that were set of each while the cluster ran. With --all what its files and the defaults say besides, and',
    'where each value comes from. The configs of all brokers together are those of the broker `default`. Passwords',
    'are covered. Broker loggers are told with all their levels.',
    '\n\nOn a disk there is what the metadata log has: what was set. What stands in server.properties, and the',
    'defaults, are not in it.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> configs get topics orders -b kafka1:9092',
    {
      description: 'Everything that holds for a topic, and where from',
      command: '<%= config.bin %> configs get topics orders --all -c prod',
    },
    {
      description: 'Whatever was set of brokers, one by one and all together',
      command: '<%= config.bin %> configs get brokers --log-dir DIR',
    },
    {
      description: 'What a config means, and what it would fall back to',
      command:
        '<%= config.bin %> configs get brokers 1 --name log.retention.ms --all --synonyms --docs -c prod',
    },
    '<%= config.bin %> configs get client-metrics --log-dir DIR -o json',
  ]

  static override args = {
    type: pluralArgument({ description: 'what has the configs', options: shownConfigTypes }),
    names: argumentList({ description: 'names or ids; all that have something set if none is given' }),
  }

  static override flags = {
    all: boolean({ summary: 'What stands in files, and the defaults, too.' }),
    name: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'This config alone; the flag for each.',
      helpValue: 'CONFIG',
    }),
    synonyms: boolean({ summary: 'What would hold if it were not set, the nearest first.' }),
    docs: boolean({ summary: 'What it means, in the words of the broker.' }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ConfigsGet)
    const place = await openPlace(flags, this.surroundings)
    const { rows, failures, notes, unsetCount } = await configRows(
      served(place.configs),
      args.type,
      args.names,
      {
        isWhole: flags.all || args.type === 'broker-loggers',
        hasSynonyms: flags.synonyms,
        hasDocumentation: flags.docs,
      },
    )
    const named = flags.name
    const shown = rows.filter(({ name }) => named === undefined || named.includes(name))
    const asked = Object.entries({ source: flags.all, synonyms: flags.synonyms, documentation: flags.docs })
    const trouble = place.trouble()
    return list(shapeFor(asked.flatMap(([key, isAsked]) => (isAsked ? [key] : []))), shown, {
      failures,
      rowlessCount: unsetCount,
      notes: [...notes, ...place.notes()],
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}
