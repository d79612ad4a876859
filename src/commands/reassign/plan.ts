import { writePlan } from '../../lib/changes/plan-file.ts'
import { arrange, planToKeep } from '../../lib/changes/reassign/plan-reassignment.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, clusterFlags, integer, outputFlags, string } from '../../lib/cli/flags.ts'
import { PickedPartitions } from '../../lib/cli/partition-words.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { parseBrokers } from '../../lib/cli/reassign-flags.ts'
import { FailedError, UsageError } from '../../lib/errors.ts'
import type { ItemFailure } from '../../lib/model/outcome.ts'
import { partitionName } from '../../lib/model/partitions.ts'
import type { PlacementGoal } from '../../lib/operations/placement.ts'
import { addedBy, type Placed, removedBy } from '../../lib/operations/placement-draft.ts'
import { formatReassignment, parseTopicsToMove } from '../../lib/operations/reassign-json.ts'
import { list, type Result, raw } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

interface Row {
  readonly topic: string
  readonly partition: number
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  readonly copyBytes: number | null
}

const shape: Shape<Row> = {
  version: 1,
  name: partitionName,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('before'),
    column('after'),
    column('adding'),
    column('removing'),
    column('copyBytes', { kind: 'size' }),
  ],
}

const goalFlags = {
  drain: string({ summary: 'No replica stays on these brokers.', helpValue: 'BROKERS', helpGroup: 'goal' }),
  add: string({
    summary: 'These brokers take their fair share of what is there.',
    helpValue: 'BROKERS',
    helpGroup: 'goal',
  }),
  to: string({
    summary: 'Replicas are on these brokers alone.',
    helpValue: 'BROKERS',
    helpGroup: 'goal',
    exclusive: ['drain'],
  }),
  'replication-factor': integer({
    min: 1,
    summary: 'So many replicas of each partition.',
    helpValue: 'N',
    helpGroup: 'goal',
  }),
  even: boolean({
    summary: 'Every broker has as many replicas as the others.',
    helpGroup: 'goal',
    exclusive: ['add'],
  }),
  leaders: boolean({
    summary: 'Every broker is the preferred leader of as many as the others; nothing is copied for it.',
    helpGroup: 'goal',
  }),
}

export class ReassignPlan extends BaseCommand {
  static override summary = 'Plan where replicas shall be: with as few of them moved as it takes.'

  static override description = [
    'Say what for, and which topics; all of them if none is named. Goals can be put together. Nothing else moves than',
    'what the goal asks for: to drain a broker moves its replicas, and no other. New replicas go to racks where the',
    'partition has none yet, and to brokers with the fewest; preferred leaders are evened out among those partitions that',
    'change anyway. The same cluster gives the same plan. COPY BYTES is what new replicas have to fetch, by the sizes',
    'that brokers tell.',
    '\n\nNothing is changed. --plan-out writes the plan to a file for ktool reassign apply, which refuses it on another',
    'cluster, and where somebody has moved one of the partitions since. --kafka-json prints what kafka-reassign-partitions',
    'takes too, and says neither.',
  ].join(' ')

  static override examples = [
    {
      description: 'Take everything from broker 3',
      command: '<%= config.bin %> reassign plan --drain 3 -b kafka1:9092',
    },
    {
      description: 'Do it',
      command:
        '<%= config.bin %> reassign plan --drain 3 --plan-out moves.json -b kafka1:9092 && <%= config.bin %> reassign apply moves.json --throttle 50MB -b kafka1:9092',
    },
    {
      description: 'Two new brokers take their share',
      command: '<%= config.bin %> reassign plan --add 4,5 -b kafka1:9092',
    },
    {
      description: 'Three replicas of some topics, instead of one',
      command: '<%= config.bin %> reassign plan orders payments --replication-factor 3 -b kafka1:9092',
    },
  ]

  static override args = {
    partitions: argumentList({
      description:
        'topics, or partitions of them, that may move: orders, orders:0,2-5; every one if none is given',
    }),
  }

  static override flags = {
    ...goalFlags,
    'topics-file': string({
      summary: "The topics of a file of kafka-reassign-partitions's --topics-to-move-json-file; - is stdin.",
      helpValue: 'FILE',
    }),
    'kafka-json': boolean({ summary: "Print Kafka's reassignment JSON.", exclusive: ['output'] }),
    'plan-out': string({
      summary: 'Write the plan to a file as well; ktool reassign apply FILE does it later.',
      helpValue: 'FILE',
    }),
    ...clusterFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignPlan)
    const file = flags['topics-file']
    const inFile =
      file === undefined ? [] : parseTopicsToMove(await readTextOf(this.surroundings, file, 'the file'), file)
    const picked = new PickedPartitions([...(args.partitions ?? []), ...inFile])
    mustHaveGoal(flags)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    const live = (await changers.reassignments.brokers()).map(({ id }) => id)
    const goal = goalOf(flags, live)
    const wish = { goal, mayMove: (each: { topic: string; partition: number }) => picked.has(each) }
    const arranged = await arrange(changers, wish)
    const { placed, failures, estimate, warnings } = arranged
    const planOut = flags['plan-out']
    if (planOut !== undefined) {
      const { clusterId } = await cluster.nodes()
      const origin = { clusterId, madeAtMs: this.surroundings.clock.nowMs() }
      await writePlan(this.surroundings.disk, planOut, planToKeep(arranged, origin))
    }
    const failed = failures.map(({ item, outcome }) => ({ item, error: outcome }))
    const found = placed.length === 0 && failed.length === 0 ? ['nothing has to move'] : warnings
    const notes =
      planOut === undefined || placed.length === 0
        ? found
        : [...found, `to do this: ktool reassign apply ${planOut}`]
    if (flags['kafka-json']) {
      const lines = placed.map(({ partition, target }) => ({ ...partition, replicas: target, logDirs: null }))
      return raw(once(`${formatReassignment(lines)}\n`, failed), { notes })
    }
    return list(
      shape,
      placed.map((each) => rowOf(each, estimate.bytesOf)),
      { failures: failed, notes },
    )
  }
}

async function* once(bytes: string, failures: readonly ItemFailure[]) {
  yield { bytes, failures }
}

interface GoalFlags {
  readonly drain?: string | undefined
  readonly add?: string | undefined
  readonly to?: string | undefined
  readonly 'replication-factor'?: number | undefined
  readonly even: boolean
  readonly leaders: boolean
}

function mustHaveGoal(flags: GoalFlags): void {
  const texts = [flags.drain, flags.add, flags.to, flags['replication-factor']]
  if (flags.even || flags.leaders || texts.some((each) => each !== undefined)) return
  throw new UsageError(
    'no-goal',
    'say what for: --drain, --add, --to, --replication-factor, --even or --leaders',
  )
}

function goalOf(
  { drain, add, to, even, leaders, ...flags }: GoalFlags,
  live: readonly number[],
): PlacementGoal {
  const allowed = to === undefined ? undefined : mustLive(parseBrokers(to), live)
  const filled = add === undefined ? null : mustLive(parseBrokers(add), live)
  return {
    drained: drain === undefined ? [] : parseBrokers(drain),
    allowed: allowed ?? null,
    filled: even ? 'every' : filled,
    replicationFactor: flags['replication-factor'] ?? null,
    evensLeaders: leaders,
  }
}

function mustLive(ids: readonly number[], live: readonly number[]): readonly number[] {
  const dead = ids.filter((id) => !live.includes(id))
  if (dead.length === 0) return ids
  throw new FailedError(
    'no-such-broker',
    `no live broker is ${dead.join(', ')}; there are ${live.join(', ')}`,
    {
      hint: 'ktool cluster brokers shows those that are there',
      details: { brokers: dead },
    },
  )
}

function rowOf(placed: Placed, bytesOf: ReadonlyMap<string, number>): Row {
  const { partition, target } = placed
  const adding = addedBy(placed)
  return {
    topic: partition.topic,
    partition: partition.partition,
    before: partition.replicas,
    after: target,
    adding,
    removing: removedBy(placed),
    copyBytes: adding.length === 0 ? 0 : (bytesOf.get(partitionName(partition)) ?? null),
  }
}
