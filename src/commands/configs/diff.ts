import { argument, optionalArgument, pluralArgument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { CheckFailed } from '../../lib/errors.ts'
import { shownConfigTypes } from '../../lib/model/configs.ts'
import { served } from '../../lib/model/views.ts'
import { configTypeNamed } from '../../lib/operations/configs/config-value.ts'
import { type ConfigDifference, diffConfigs } from '../../lib/operations/configs/diff-configs.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<ConfigDifference> = {
  version: 1,
  name: ({ name }) => name,
  columns: [
    column('name'),
    column('left', { shown: ({ left, isSensitive }) => (isSensitive ? '(secret)' : left) }),
    column('leftSource', { isSpare: true }),
    column('right', { shown: shownRight }),
    column('rightSource', { isSpare: true }),
    computed('sensitive', ({ isSensitive }) => isSensitive, { isInTable: false }),
  ],
}

export class ConfigsDiff extends BaseCommand {
  static override summary = 'Tell how the configs of two topics, brokers or groups differ.'

  static override description = [
    'With one name: what was set of it, against what would hold otherwise. With two: what is in force differently, wherever',
    'it comes from. Secrets cannot be compared, and are covered. It exits with 3 if there is any difference.',
    '\n\nOn a disk there is only what was set, and no defaults.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> configs diff topics orders payments -b kafka1:9092',
    {
      description: 'What has somebody set of this topic?',
      command: '<%= config.bin %> configs diff topics orders -c prod',
    },
    {
      description: 'Are two brokers set up alike?',
      command: '<%= config.bin %> configs diff brokers 1 2 -c prod',
    },
  ]

  static override args = {
    type: pluralArgument({ description: 'what has the configs', options: shownConfigTypes }),
    left: argument({ description: 'name or id of one', required: true }),
    right: optionalArgument({ description: 'name or id of the other; the defaults if it is left out' }),
  }

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ConfigsDiff)
    const { type, left, right } = args
    const place = await openPlace(flags, this.surroundings)
    const { rows, failures } = await diffConfigs(served(place.configs), configTypeNamed(type), left, right)
    const trouble = place.trouble() ?? (rows.length === 0 ? null : differ(rows.length, left, right))
    return list(shape, rows, {
      failures,
      notes: [...(rows.length + failures.length === 0 ? ['they do not differ'] : []), ...place.notes()],
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}

function differ(count: number, left: string, right = 'the defaults'): CheckFailed {
  const what = count === 1 ? '1 config differs' : `${count} configs differ`
  return new CheckFailed('configs-differ', `${what} between ${left} and ${right}`, { details: { count } })
}

function shownRight({ right, isSensitive }: ConfigDifference): string | null {
  if (isSensitive) return '(secret)'
  return typeof right === 'object' && right !== null ? 'not told' : right
}
