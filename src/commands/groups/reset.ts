import { changeCommits, planOfCommits } from '../../lib/changes/groups/commits.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import {
  CommitsCommand,
  namedGroups,
  noGroups,
  resetViewsOf,
  waitFlags,
} from '../../lib/cli/commits-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { UsageError } from '../../lib/errors.ts'
import { allGroups, isConsuming } from '../../lib/operations/choose-groups.ts'
import { offsetCsvLine } from '../../lib/operations/offset-csv.ts'
import { parseOffsetFile } from '../../lib/operations/offset-files.ts'
import { type PlannedReset, planReset } from '../../lib/operations/plan-reset.ts'
import type { ResetScope, ResetTarget } from '../../lib/operations/reset-question.ts'
import { parseScenario, type Scenario } from '../../lib/operations/reset-scenario.ts'
import { type Result, raw } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { parseTopicPartitions } from '../../lib/values/partitions.ts'
import { formatTime } from '../../lib/values/times.ts'

const several = { multiple: true, multipleNonGreedy: true } as const
const scenario = { helpGroup: 'scenario' } as const
const scope = { helpGroup: 'scope' } as const

export class GroupsReset extends CommitsCommand {
  static override summary = 'Set where groups go on reading: what they have committed.'

  static override description = [
    'Say where to, and which partitions. --to takes start, end, current, an offset, +N or -N from the commit, or a time:',
    'the first record that is not older. Kafka’s own spellings are understood as well. What lies before the log start or',
    'beyond the end is moved to it, with a warning; where no record is as late as the time, it is the end.',
    '\n\nThe groups must have no members: one that reads would go on from where it is, and commit over it. That is looked',
    'at when the plan is made, and once more right before the first commit. --wait gives the members time to go. A group',
    'that is not there is made. Share groups are given another start.',
    '\n\nBefore anything is changed, what was committed is kept: as a plan for ktool apply, and beside it as CSV for Kafka’s',
    'own tools.',
  ].join(' ')

  static override examples = [
    {
      description: 'See what reading all of the last hour anew would mean',
      command: '<%= config.bin %> groups reset billing --to @-1h --topic orders --dry-run -b kafka1:9092',
    },
    {
      description: 'Skip one record that cannot be handled',
      command: '<%= config.bin %> groups reset billing --to +1 --topic orders:3 -b kafka1:9092',
    },
    {
      description: 'From the start, in a script, once the service is down',
      command:
        '<%= config.bin %> groups reset billing --to-earliest --all-topics --wait 2m --yes -b kafka1:9092',
    },
    {
      description: 'Go on where another group is',
      command: '<%= config.bin %> groups reset billing-v2 --from-group billing -b kafka1:9092',
    },
  ]

  static override args = {
    group: argumentList({ description: 'names of groups' }),
  }

  static override flags = {
    to: string({
      ...scenario,
      summary: 'Where: start, end, current, N, +N, -N, or a time like @-1h or @2026-01-15.',
      helpValue: 'WHERE',
    }),
    'from-group': string({ ...scenario, summary: 'Where another group is.', helpValue: 'GROUP' }),
    'from-file': string({
      ...scenario,
      summary: 'What a file says: Kafka’s CSV, ours, JSON, or the text of rpk; - is stdin.',
      helpValue: 'FILE',
    }),
    'to-earliest': boolean({ ...scenario, summary: 'The log start; as --to start.' }),
    'to-latest': boolean({ ...scenario, summary: 'The end; as --to end.' }),
    'to-current': boolean({ ...scenario, summary: 'Where it is; the end, where nothing is committed.' }),
    'to-offset': string({ ...scenario, summary: 'This offset; as --to N.', helpValue: 'N' }),
    'shift-by': string({ ...scenario, summary: 'So many on, or back; as --to +N or -N.', helpValue: '±N' }),
    'to-datetime': string({
      ...scenario,
      summary: 'The first record from then on: 2026-01-15T10:00:00.000; UTC unless a zone is written.',
      helpValue: 'TIME',
    }),
    'by-duration': string({
      ...scenario,
      summary: 'The first record of the time until now: PT1H30M or 90m.',
      helpValue: 'DURATION',
    }),
    topic: string({
      ...several,
      ...scope,
      summary: 'This topic, or partitions of it: orders, orders:0,2-5; repeat it for more.',
      helpValue: 'TOPIC',
    }),
    'all-topics': boolean({
      ...scope,
      summary: 'Every partition that the group has committed for.',
      exclusive: ['topic'],
    }),
    group: string({
      ...several,
      ...scope,
      summary: 'As the argument; repeat it for more.',
      helpValue: 'GROUP',
    }),
    'all-groups': boolean({ ...scope, summary: 'All consumer groups.', exclusive: ['group'] }),
    export: boolean({ summary: 'Print the offsets it would set as Kafka’s CSV, and change nothing.' }),
    execute: boolean({ summary: 'As --yes; Kafka’s own tool changes nothing without it.', hidden: true }),
    ...waitFlags,
    ...changeFlags,
    ...clusterFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsReset)
    const scenario = parseScenario(flags, this.surroundings.clock.nowMs())
    const scope = scopeOf(flags, scenario)
    const names = namedGroups(args.group, flags.group)
    if (names.length === 0 && !flags['all-groups']) throw noGroups()
    if (names.length > 0 && flags['all-groups']) throw bothNamedAndAll()
    const target = await this.#targetOf(scenario)
    const { views, changers, cluster } = await openCluster(flags, this.surroundings)
    const resetViews = resetViewsOf(views)
    const plan = async (): Promise<PlannedReset> => {
      const all = flags['all-groups'] ? await allGroups(resetViews.groups, isConsuming) : undefined
      const groups = all?.groups ?? names
      await this.waitForEmpty(changers.groups, groups, flags.wait)
      const planned = await planReset(resetViews, { groups, scope, target })
      const asked = target.kind === 'time' ? [`the first record from ${formatTime(target.timeMs)} on`] : []
      const failures = [...(all?.failures ?? []), ...planned.failures]
      return { ...planned, failures, warnings: [...asked, ...planned.warnings] }
    }
    if (flags.export) return exported(await plan(), names.length === 1)
    const change = changeCommits(changers.groups)
    const consent = { ...flags, yes: flags.yes || flags.execute }
    return this.changeCommits(cluster, consent, change, async (origin) => planOfCommits(origin, await plan()))
  }

  async #targetOf(scenario: Scenario): Promise<ResetTarget> {
    if (scenario.kind !== 'path') return scenario
    const text = await readTextOf(this.surroundings, scenario.path, 'offsets')
    return { kind: 'file', offsets: parseOffsetFile(text) }
  }
}

interface ScopeFlags {
  readonly topic?: readonly string[] | undefined
  readonly 'all-topics': boolean
}

function scopeOf(flags: ScopeFlags, { kind }: Scenario): ResetScope {
  if (flags.topic !== undefined) return { kind: 'topics', topics: flags.topic.map(parseTopicPartitions) }
  if (flags['all-topics']) return { kind: 'all' }
  if (kind === 'path' || kind === 'group') return { kind: 'said' }
  throw new UsageError(
    'no-scope',
    'say which partitions: --topic orders, --topic orders:0,2-5, or --all-topics',
    {
      hint: '--all-topics are all partitions that the group has committed for',
    },
  )
}

function exported({ rows, failures, warnings }: PlannedReset, isOneGroup: boolean): Result {
  const text = rows.map((row) => offsetCsvLine({ ...row, offset: row.after }, !isOneGroup)).join('')
  const chunk = { bytes: text, failures }
  return raw(once(chunk), { notes: warnings })
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}

function bothNamedAndAll(): UsageError {
  return new UsageError(
    'groups-and-all',
    'groups are named, and --all-groups means all of them: which is it?',
  )
}
