import { applyTopicsChange } from '../../lib/changes/topics/apply-topics.ts'
import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { changeRow, changeShape } from '../../lib/cli/change-shape.ts'
import { clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { CheckFailed } from '../../lib/errors.ts'
import { differencesIn, planApply } from '../../lib/operations/topics/plan-apply.ts'
import { readTopics } from '../../lib/operations/topics/read-topics.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseYaml } from '../../lib/values/yaml.ts'

export class TopicsDiff extends BaseCommand {
  static override summary = 'Tell how topics differ from what a file wants.'

  static override description = [
    'A row for everything that `ktool topics apply` would do, and nothing is changed. It exits with 3 if there is any, and',
    'with 0 if the topics are as the file wants them. What the file does not name is no difference.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics diff topics.yaml -b kafka1:9092',
    {
      description: 'Has somebody changed what is under version control?',
      command: '<%= config.bin %> topics diff topics.yaml -c prod -q || echo drifted',
    },
  ]

  static override args = {
    file: argument({ description: 'the topics, in YAML or JSON; - reads them from stdin', required: true }),
  }

  static override flags = { ...clusterFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsDiff)
    const text = await readTextOf(this.surroundings, args.file, 'the topics as YAML or JSON')
    const wishes = readTopics(parseYaml(text, args.file), args.file)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const { clusterId } = await cluster.nodes()
    const origin = { clusterId, madeAtMs: this.surroundings.clock.nowMs() }
    const planned = await planApply(changers, wishes, origin)
    const change = applyTopicsChange(changers)
    const rows = differencesIn(planned).map((step) => changeRow(change, { step, status: 'planned' }))
    const trouble = rows.length === 0 ? undefined : differs(rows.length, args.file)
    return list(changeShape, rows, { failures: planned.failures, ...(trouble && { trouble }) })
  }
}

function differs(count: number, file: string): CheckFailed {
  return new CheckFailed(
    'topics-differ',
    `${count === 1 ? '1 thing differs' : `${count} things differ`} from ${file}`,
    {
      hint: `ktool topics apply ${file} would make them the same`,
      details: { count },
    },
  )
}
