import { alterConfigsChange } from '../../lib/changes/configs/alter-configs.ts'
import { argument, argumentList, pluralArgument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { withSecrets } from '../../lib/cli/typed-secrets.ts'
import { shownConfigTypes } from '../../lib/model/configs.ts'
import { configTypeNamed } from '../../lib/operations/configs/config-value.ts'
import { planConfigs } from '../../lib/operations/configs/plan-configs.ts'
import { readEdits } from '../../lib/operations/configs/read-edits.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class ConfigsSet extends ChangingCommand {
  static override summary = 'Set configs of a topic, a broker, a group or client metrics.'

  static override description = [
    'What is not named stays as it is. `key=value` sets one, `key+=value` adds to a list and `key-=value` takes from it.',
    'The configs of all brokers together are those of the broker `default`. The plan shows each value as it is in force',
    'before and after, and where it comes from. Passwords and the like are never printed, and never typed: say',
    '`key=@FILE` or `key=env:NAME`. Brokers older than Kafka 2.3 cannot change one config alone; ktool leaves them be.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> configs set topics orders retention.ms=604800000 -b kafka1:9092',
    {
      description: 'Compaction on top of retention',
      command: '<%= config.bin %> configs set topics orders cleanup.policy+=compact --yes -c staging',
    },
    {
      description: 'For all brokers, if the brokers would have it',
      command: '<%= config.bin %> configs set brokers default log.cleaner.threads=2 -c staging --dry-run',
    },
    {
      description: 'One logger of one broker',
      command: '<%= config.bin %> configs set broker-loggers 1 kafka.server.KafkaApis=DEBUG -c staging',
    },
  ]

  static override args = {
    type: pluralArgument({ description: 'what has the configs', options: shownConfigTypes }),
    name: argument({
      description: 'name of the topic or group, id of the broker, or default',
      required: true,
    }),
    settings: argumentList({ description: 'key=value, key+=value, key-=value', required: true }),
  }

  static override flags = { ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ConfigsSet)
    const type = configTypeNamed(args.type)
    const edits = withSecrets(readEdits(args.name, args.settings ?? []), this.surroundings)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterConfigsChange(changers.configs), (origin) =>
      planConfigs(changers.configs, type, edits, origin),
    )
  }
}
