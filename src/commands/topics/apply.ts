import { applyTopicsChange } from '../../lib/changes/topics/apply-topics.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { planApply } from '../../lib/operations/topics/plan-apply.ts'
import { readTopics } from '../../lib/operations/topics/read-topics.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseYaml } from '../../lib/values/yaml.ts'

export class TopicsApply extends ChangingCommand {
  static override summary = 'Make topics as a file wants them.'

  static override description = [
    'The file is YAML or JSON: a list of topics under `topics`, each with its name as `topic`, and as far as they matter',
    '`partitions`, `replicationFactor`, `assignment` (broker ids of each partition) and `configs`. Topics that are missing',
    'are created, partitions are added, configs are set; a config that is null is unset. Nothing else is touched: what the',
    'file does not name stays as it is, and nothing is ever deleted. Another number of replicas is told as an error.',
    '\n\nOn one line a file is `topics: [{topic: orders, partitions: 12, replicationFactor: 3, configs: {retention.ms:',
    '604800000, cleanup.policy: null}}]`.',
  ].join(' ')

  static override examples = [
    {
      description: 'What would it do?',
      command: '<%= config.bin %> topics apply topics.yaml --dry-run -b kafka1:9092',
    },
    '<%= config.bin %> topics apply topics.yaml -b kafka1:9092',
    {
      description: 'From a template, in a script',
      command: 'envsubst < topics.yaml | <%= config.bin %> topics apply - --yes -c staging',
    },
  ]

  static override args = {
    file: argument({ description: 'the topics, in YAML or JSON; - reads them from stdin', required: true }),
  }

  static override flags = { ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsApply)
    const text = await readTextOf(this.surroundings, args.file, 'the topics as YAML or JSON')
    const wishes = readTopics(parseYaml(text, args.file), args.file)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, applyTopicsChange(changers), (origin) =>
      planApply(changers, wishes, origin),
    )
  }
}
