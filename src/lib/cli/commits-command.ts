import { UsageError } from '../errors.ts'
import type { Change, Planned, PlanOrigin } from '../model/plan.ts'
import { served, type Views } from '../model/views.ts'
import { itemOf } from '../operations/plan-commits.ts'
import type { ResetViews } from '../operations/plan-reset.ts'
import type { ResetScope } from '../operations/reset-question.ts'
import type { Result } from '../output/result.ts'
import { computed, type Shape } from '../output/shape.ts'
import { formatDuration } from '../values/durations.ts'
import { parseTopicPartitions } from '../values/partitions.ts'
import { type ChangeRow, changeShape } from './change-shape.ts'
import { type ChangedCluster, type ChangeFlags, ChangingCommand } from './changing-command.ts'
import { changeFlags, clusterFlags, duration, outputFlags, string } from './flags.ts'

type Offset = number | bigint

/** What a plan knows of one commit, beyond its two ends. */
export interface CommitFacts {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly difference: Offset | null
  readonly lagAfter: Offset | null
}

export interface PlannedCommits extends Planned {
  readonly rows: readonly CommitFacts[]
}

export const waitFlags = {
  wait: duration({
    summary: 'Wait so long for the groups to be without members, and then go on.',
    helpGroup: 'change',
  }),
}

export const topicFlags = {
  topic: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only this topic, or partitions of it: orders, orders:0,2-5; repeat it for more.',
    helpValue: 'TOPIC',
  }),
}

/** For commands that commit for groups what is said elsewhere. */
export const takeOverFlags = {
  ...topicFlags,
  ...waitFlags,
  ...changeFlags,
  ...clusterFlags,
  ...outputFlags(changeShape),
}

/** What a plan of commits is made of. */
export function resetViewsOf({ groups, offsets }: Pick<Views, 'groups' | 'offsets'>): ResetViews {
  return { groups: served(groups), offsets: served(offsets) }
}

/** What `--topic` leaves of what was said. */
export function scopeOf(topics: readonly string[] | undefined): ResetScope {
  return topics === undefined
    ? { kind: 'said' }
    : { kind: 'topics', topics: topics.map(parseTopicPartitions) }
}

/** Commands that move what groups have committed, or take it away. */
export abstract class CommitsCommand extends ChangingCommand {
  readonly #facts = new Map<string, CommitFacts>()
  protected override readonly changeShape = commitsShape((item) => this.#facts.get(item))

  protected changeCommits(
    cluster: ChangedCluster,
    flags: ChangeFlags,
    change: Change,
    make: (origin: PlanOrigin) => Promise<PlannedCommits>,
  ): Promise<Result> {
    return this.change(cluster, flags, change, async (origin) => {
      const planned = await make(origin)
      for (const row of planned.rows) this.#facts.set(itemOf(row), row)
      return planned
    })
  }

  /** A group that somebody is about to stop is waited for, if that was asked for. */
  protected async waitForEmpty(
    groups: { untilEmpty(groups: readonly string[], patienceMs: number): Promise<boolean> },
    names: readonly string[],
    patienceMs: number | undefined,
  ): Promise<void> {
    if (patienceMs === undefined) return
    const what = names.length === 1 ? `"${names[0]}"` : `${names.length} groups`
    await this.tell(`waiting for ${what} to be without members, for ${formatDuration(patienceMs)} at most`)
    await groups.untilEmpty(names, patienceMs)
  }
}

/** The item in its parts, and where it leads, beside what every changing command says. */
function commitsShape(factsOf: (item: string) => CommitFacts | undefined): Shape<ChangeRow> {
  const fact = (key: keyof CommitFacts, isNumber: boolean) =>
    computed<ChangeRow>(key, ({ item }) => factsOf(item)?.[key] ?? null, {
      ...(isNumber && { kind: 'number' as const }),
    })
  const own = new Map(changeShape.columns.map((each) => [each.key, each]))
  const kept = (key: string, isInTable = true) => {
    const column = own.get(key)
    return column === undefined ? [] : [{ ...column, isInTable }]
  }
  return {
    ...changeShape,
    columns: [
      ...kept('item', false),
      fact('group', false),
      fact('topic', false),
      fact('partition', true),
      ...kept('action', false),
      ...kept('before').map((each) => ({ ...each, kind: 'number' as const })),
      ...kept('after').map((each) => ({ ...each, kind: 'number' as const })),
      fact('difference', true),
      fact('lagAfter', true),
      ...kept('status'),
      ...kept('code', false),
      ...kept('reason', false),
    ],
  }
}

/** The groups as they were typed, whichever way; nobody means a group twice. */
export function namedGroups(
  args: readonly string[] | undefined,
  flags: readonly string[] | undefined,
): string[] {
  return [...new Set([...(args ?? []), ...(flags ?? [])])]
}

export function noGroups(): UsageError {
  return new UsageError('no-group', 'name the groups, or say --all-groups', {
    hint: 'ktool groups list names those that there are',
  })
}
