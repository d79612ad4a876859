import { alterConfigsChange } from '../../lib/changes/configs/alter-configs.ts'
import { argument, argumentList, pluralArgument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { shownConfigTypes } from '../../lib/model/configs.ts'
import { configTypeNamed } from '../../lib/operations/configs/config-value.ts'
import { planConfigs } from '../../lib/operations/configs/plan-configs.ts'
import { readUnsets } from '../../lib/operations/configs/read-edits.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class ConfigsUnset extends ChangingCommand {
  static override summary = 'Take back configs that were set of a topic, a broker, a group or client metrics.'

  static override description = [
    'Then holds what is set for all brokers, what server.properties says, or the default: the plan shows which, and what',
    'comes of it. One that is not set is left as it is, and a name that there is not is refused.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> configs unset topics orders retention.ms -b kafka1:9092',
    {
      description: 'What would hold then?',
      command: '<%= config.bin %> configs unset brokers default log.cleaner.threads --dry-run -b kafka1:9092',
    },
  ]

  static override args = {
    type: pluralArgument({ description: 'what has the configs', options: shownConfigTypes }),
    name: argument({
      description: 'name of the topic or group, id of the broker, or default',
      required: true,
    }),
    keys: argumentList({ description: 'names of the configs', required: true }),
  }

  static override flags = { ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ConfigsUnset)
    const type = configTypeNamed(args.type)
    const edits = readUnsets(args.name, args.keys ?? [])
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterConfigsChange(changers.configs), (origin) =>
      planConfigs(changers.configs, type, edits, origin),
    )
  }
}
