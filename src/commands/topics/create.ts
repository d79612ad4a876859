import { createTopicsChange } from '../../lib/changes/topics/create-topics.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, integer, outputFlags, string } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { UsageError } from '../../lib/errors.ts'
import type { NewTopic } from '../../lib/model/topics-changer.ts'
import { planCreate } from '../../lib/operations/topics/plan-create.ts'
import { newTopicOfWish, readTopics } from '../../lib/operations/topics/read-topics.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseReplicaLists } from '../../lib/values/replica-lists.ts'
import { parseSettings } from '../../lib/values/settings.ts'
import { parseYaml } from '../../lib/values/yaml.ts'

export class TopicsCreate extends ChangingCommand {
  static override summary = 'Create topics.'

  static override description = [
    'Without -p and -r a topic has as many partitions and replicas as the brokers give it by default; the plan says how',
    'many that will be. A topic that is there already, as it is wanted, is left alone; one that is there and differs is',
    'an error, or left alone too with --if-not-exists. A file has topics as `ktool topics apply` reads them.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics create orders -p 12 -r 3 -b kafka1:9092',
    {
      description: 'Two topics, compacted, in a script',
      command:
        '<%= config.bin %> topics create customers prices -p 6 --config cleanup.policy=compact --yes -c staging',
    },
    {
      description: 'Two partitions on brokers of your own choice, the preferred leader first',
      command: '<%= config.bin %> topics create orders --assignment 1:2,2:3 -b kafka1:9092',
    },
    {
      description: 'What would be made of a file?',
      command: '<%= config.bin %> topics create -f topics.yaml -b kafka1:9092 --dry-run',
    },
  ]

  static override args = {
    topics: argumentList({ description: 'names of the new topics' }),
  }

  static override flags = {
    partitions: integer({
      char: 'p',
      min: 1,
      summary: 'How many partitions each has.',
      helpValue: 'N',
    }),
    'replication-factor': integer({
      char: 'r',
      min: 1,
      max: 32767,
      summary: 'On how many brokers each partition is.',
      helpValue: 'N',
    }),
    config: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'A config of the topics; once for each.',
      helpValue: 'KEY=VALUE',
    }),
    assignment: string({
      summary: 'Broker ids: colons between the replicas of a partition, commas between partitions.',
      helpValue: '1:2,2:3',
      exclusive: ['partitions', 'replication-factor'],
    }),
    'if-not-exists': boolean({ summary: 'Leave topics alone that are there already, whatever they are.' }),
    file: string({
      char: 'f',
      summary: 'Topics to create, in YAML or JSON; - reads stdin.',
      helpValue: 'FILE',
      exclusive: ['partitions', 'replication-factor', 'config', 'assignment'],
    }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsCreate)
    const wishes =
      flags.file === undefined ? typedTopics(args.topics, flags) : await this.#filed(flags.file, args.topics)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, createTopicsChange(changers.topics), (origin) =>
      planCreate(changers.topics, wishes, { ifNotExists: flags['if-not-exists'] }, origin),
    )
  }

  async #filed(path: string, topics: readonly string[] | undefined): Promise<NewTopic[]> {
    if (topics !== undefined && topics.length > 0) {
      throw new UsageError('two-sources', 'name the topics, or give a file of them, not both')
    }
    const text = await readTextOf(this.surroundings, path, 'the topics as YAML or JSON')
    return readTopics(parseYaml(text, path), path).map(newTopicOfWish)
  }
}

interface Typed {
  readonly partitions?: number | undefined
  readonly 'replication-factor'?: number | undefined
  readonly config?: readonly string[] | undefined
  readonly assignment?: string | undefined
}

function typedTopics(topics: readonly string[] | undefined, flags: Typed): NewTopic[] {
  if (topics === undefined || topics.length === 0) {
    throw new UsageError('no-topics', 'name the topics to create, or give a file of them with -f')
  }
  const assignment = flags.assignment === undefined ? null : parseReplicaLists(flags.assignment)
  const partitions = flags.partitions ?? -1
  const replicationFactor = flags['replication-factor'] ?? -1
  const configs = parseSettings(flags.config ?? [])
  return [...new Set(topics)].map((topic) => ({ topic, partitions, replicationFactor, assignment, configs }))
}
