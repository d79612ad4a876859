import { optionalArgument } from '../lib/cli/arguments.ts'
import { BaseCommand } from '../lib/cli/base-command.ts'
import { clusterFlags, duration, outputFlags } from '../lib/cli/flags.ts'
import { brokerShape, groupLagShape, groupShape, partitionShape, topicShape } from '../lib/cli/top-shapes.ts'
import { UsageError } from '../lib/errors.ts'
import { served, type Views } from '../lib/model/views.ts'
import type { LagRow } from '../lib/operations/lag-rows.ts'
import { lagSums } from '../lib/operations/lag-sums.ts'
import { readLag } from '../lib/operations/read-lag.ts'
import { type PartitionNow, PartitionRounds } from '../lib/operations/top/partition-round.ts'
import { Rates } from '../lib/operations/top/rates.ts'
import {
  type BrokerNow,
  brokersNow,
  type GroupNow,
  isUnhealthy,
  type TopicNow,
  topicsNow,
} from '../lib/operations/top/top-rows.ts'
import { type Result, watch } from '../lib/output/result.ts'
import { type WatchedTab, watchedTab } from '../lib/output/watch.ts'
import { openRounds } from '../lib/places/open-rounds.ts'

const views = ['topics', 'brokers', 'groups', 'partitions'] as const
type ViewName = (typeof views)[number]
const EVERY_MS = 2000
const LEAST_MS = 200

export class Top extends BaseCommand {
  static override summary =
    'Look at a cluster as it works: topics, brokers, groups, and partitions that are not well.'

  static override description = [
    'On a terminal it is a screen: arrows move, Enter looks closer, / filters, s sorts, r turns the order round, p pauses,',
    '? tells the rest, q quits. Elsewhere each round is rows with their time, of the view that is named, until it is',
    'interrupted. PER SECOND is counted between two rounds: records written, or for groups offsets that they went forward by.',
    'Only the view that is looked at is asked of the cluster.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> top -b kafka1:9092',
    { description: 'Groups first, every five seconds', command: '<%= config.bin %> top groups --every 5s' },
    {
      description: 'For a script: topics, a row for each and round',
      command: '<%= config.bin %> top topics -b kafka1:9092 -o jsonl',
    },
  ]

  static override args = {
    view: optionalArgument({ description: 'what comes first', options: views }),
  }

  static override flags = {
    every: duration({ summary: 'How often; 2s if not said.' }),
    ...clusterFlags,
    ...outputFlags(topicShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Top)
    const everyMs = flags.every ?? EVERY_MS
    if (everyMs < LEAST_MS) throw tooOften()
    const { clock } = this.surroundings
    const round = await openRounds(flags, this.surroundings)
    const tabs = tabsOf(round, () => clock.nowMs())
    const first = args.view as ViewName | undefined
    const order = first === undefined ? views : [first, ...views.filter((each) => each !== first)]
    // A cluster that cannot be reached is told before the screen is there.
    await served((await round()).topics).list()
    return watch(
      'ktool top',
      order.map((name) => tabs[name]),
      everyMs,
    )
  }
}

type Round = () => Promise<Views>

function tabsOf(round: Round, nowMs: () => number): Record<ViewName, WatchedTab> {
  const byRate = { key: 'perSecond', isDescending: true }
  const rounds = { topics: new PartitionRounds(), brokers: new PartitionRounds(), ill: new PartitionRounds() }
  const next = async (own: PartitionRounds) => own.next(served((await round()).topics), nowMs)
  return {
    topics: watchedTab<TopicNow>({
      title: 'topics',
      shape: topicShape,
      sortBy: byRate,
      trend: 'perSecond',
      open: ({ topic }) => partitionsOf(topic, round, nowMs),
      sample: async () => {
        const { partitions, failures } = await next(rounds.topics)
        return { rows: topicsNow(partitions), failures }
      },
    }),
    brokers: watchedTab<BrokerNow>({
      title: 'brokers',
      shape: brokerShape,
      sortBy: byRate,
      trend: 'perSecond',
      sample: async () => {
        const { partitions, failures } = await next(rounds.brokers)
        const cluster = await served((await round()).cluster).describe()
        return { rows: brokersNow(cluster, partitions), failures }
      },
    }),
    groups: groupsTab(round, nowMs),
    partitions: watchedTab<PartitionNow>({
      title: 'unhealthy partitions',
      shape: partitionShape,
      sample: async () => {
        const { partitions, failures } = await next(rounds.ill)
        const rows = partitions.filter(isUnhealthy)
        return { rows, failures, summary: `${rows.length} of ${partitions.length} partitions are not well` }
      },
    }),
  }
}

function partitionsOf(topic: string, round: Round, nowMs: () => number): WatchedTab {
  const rounds = new PartitionRounds()
  return watchedTab<PartitionNow>({
    title: topic,
    shape: partitionShape,
    trend: 'perSecond',
    sample: async () => {
      const { partitions, failures } = await rounds.next(served((await round()).topics), nowMs, [topic])
      return { rows: partitions, failures }
    },
  })
}

function groupsTab(round: Round, nowMs: () => number): WatchedTab {
  const rates = new Rates()
  return watchedTab<GroupNow>({
    title: 'groups',
    shape: groupShape,
    sortBy: { key: 'lag', isDescending: true },
    trend: 'lag',
    open: ({ group }) => lagOf(group, round),
    sample: async () => {
      const { rows, failures } = await lag(await round(), undefined)
      const sums = lagSums(rows, 'group')
      rates.add({ atMs: nowMs(), counts: committedBy(rows) })
      return { rows: sums.map((sum) => ({ ...sum, perSecond: rates.of(sum.group) })), failures }
    },
  })
}

function lagOf(group: string, round: Round): WatchedTab {
  return watchedTab<LagRow>({
    title: group,
    shape: groupLagShape,
    sortBy: { key: 'lag', isDescending: true },
    trend: 'lag',
    sample: async () => lag(await round(), [group]),
  })
}

function lag(place: Views, groups: readonly string[] | undefined) {
  const asked = {
    groups: served(place.groups),
    offsets: served(place.offsets),
    transactions: place.transactions,
  }
  return readLag(asked, { groups, topics: undefined, isolation: 'uncommitted', nowMs: undefined })
}

function committedBy(rows: readonly LagRow[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { group, committed } of rows) {
    if (committed !== null) sums.set(group, (sums.get(group) ?? 0) + Number(committed))
  }
  return sums
}

function tooOften(): UsageError {
  return new UsageError('too-often', `--every is at least ${LEAST_MS} ms: each round is asked of the brokers`)
}
