import { deleteTopicsChange } from '../../lib/changes/topics/delete-topics.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { served } from '../../lib/model/views.ts'
import { ordinaryTopics } from '../../lib/operations/open-topics.ts'
import { planDelete } from '../../lib/operations/topics/plan-delete.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { namesMatching } from '../../lib/values/name-patterns.ts'

export class TopicsDelete extends ChangingCommand {
  static override summary = 'Delete topics, with all their records.'

  static override description = [
    'Nothing brings records back, so that the name has to be typed, or given with --confirm: the name of the topic, or of',
    'several topics how many they are (`3 items`). What is written down before is how the topics were: that makes',
    'them anew, and empty. Names are literal; with --regex they are patterns that match whole names, and never those of',
    "Kafka's own topics.",
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics delete orders-old -b kafka1:9092',
    {
      description: 'In a script, where it may be gone already',
      command: '<%= config.bin %> topics delete orders-old --if-exists --confirm orders-old -b kafka1:9092',
    },
    {
      description: 'Which topics would this pattern delete?',
      command: "<%= config.bin %> topics delete --regex 'test-.*' --dry-run -b kafka1:9092",
    },
  ]

  static override args = {
    topics: argumentList({
      description: 'the topics, or with --regex patterns of their names',
      required: true,
    }),
  }

  static override flags = {
    regex: boolean({ summary: 'The names are patterns, each for whole names.' }),
    'if-exists': boolean({ summary: 'A topic that is not there is none too many.' }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsDelete)
    const typed = [...new Set(args.topics ?? [])]
    const { cluster, changers, views } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, deleteTopicsChange(changers.topics), async (origin) => {
      const topics = flags.regex ? namesMatching(typed, await ordinaryTopics(served(views.topics))) : typed
      return planDelete(changers.topics, topics, { ifExists: flags['if-exists'] }, origin)
    })
  }
}
