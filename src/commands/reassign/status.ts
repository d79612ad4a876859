import { everythingUnderWay } from '../../lib/changes/reassign/follow-reassignments.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, duration, outputFlags, watchFlags } from '../../lib/cli/flags.ts'
import { PickedPartitions } from '../../lib/cli/partition-words.ts'
import {
  progressName,
  type ReassignmentProgress,
  type ReassignmentState,
  stateOf,
} from '../../lib/operations/reassign-progress.ts'
import { list, type Result, watch } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { watchedTab } from '../../lib/output/watch.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { formatDuration } from '../../lib/values/durations.ts'
import { formatSize } from '../../lib/values/sizes.ts'

const progressShape: Shape<ReassignmentProgress> = {
  version: 1,
  name: progressName,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('replicas'),
    column('adding'),
    column('removing'),
    column('copiedBytes', { kind: 'size' }),
    column('totalBytes', { kind: 'size' }),
    column('percent', { kind: 'number' }),
    column('broker', { kind: 'number', isSpare: true }),
    column('logDir', { isSpare: true }),
    column('futureLogDir', { isSpare: true }),
  ],
}

const EVERY_MS = 2000

export class ReassignStatus extends BaseCommand {
  static override summary = 'Show what is being moved, and how far it has come.'

  static override description = [
    'Every reassignment that the controller lists, whoever began it. COPIED is what the new replicas have by now, and',
    'TOTAL what they will have: the size of the log of those that they copy, for each of them. It looks twice to tell how',
    'fast that goes, and how long it takes still. A replica on its way from one disk of its BROKER to another is a row of its',
    'own, from LOG DIR to FUTURE LOG DIR.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> reassign status -b kafka1:9092',
    {
      description: 'Until it is done, on a screen',
      command: '<%= config.bin %> reassign status -w -b kafka1:9092',
    },
    {
      description: 'One topic, for a script, without a second look',
      command: '<%= config.bin %> reassign status orders --sample 0s -o json -b kafka1:9092',
    },
  ]

  static override args = {
    partitions: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5; everything if none is given',
    }),
  }

  static override flags = {
    sample: duration({ summary: 'How long to wait for the second look; 1s if not said, 0s for none.' }),
    ...watchFlags,
    ...clusterFlags,
    ...outputFlags(progressShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignStatus)
    const picked = new PickedPartitions(args.partitions ?? [])
    const { changers, cluster } = await openCluster(flags, this.surroundings)
    const { reassignments } = changers
    const look = () => looked(reassignments, picked)
    if (flags.watch) {
      const sample = rounds(look, () => cluster.deadline.renew())
      await sample()
      const tab = watchedTab({ title: 'reassignments', shape: progressShape, trend: 'percent', sample })
      return watch('ktool reassign status', [tab], flags.every ?? EVERY_MS)
    }
    const sampleMs = flags.sample ?? 1000
    const first = await look()
    if (first.state.rows.length === 0 || sampleMs === 0) return listed(first)
    await reassignments.rest(sampleMs, this.surroundings.stop.take())
    const second = await look()
    const state = stateOf(second.state.rows, second.state.atMs, first.state)
    return listed({ ...second, state })
  }
}

type Looked = Awaited<ReturnType<typeof everythingUnderWay>>

async function looked(
  reassignments: Parameters<typeof everythingUnderWay>[0],
  picked: PickedPartitions,
): Promise<Looked> {
  const { state, silent } = await everythingUnderWay(reassignments)
  return { state: picking(state, picked), silent }
}

/** Between brokers the controller tells all; of a broker that is silent only its disks are not known. */
function listed({ state, silent }: Looked): Result {
  const untold = silent.map(
    ({ item, error }) => `what ${item} copies between its disks is not known: ${error.message}`,
  )
  return list(progressShape, state.rows, { notes: [...notesOf(state), ...untold] })
}

/** Each round tells how fast it goes since the one before. */
function rounds(look: () => Promise<Looked>, renew: () => void) {
  let former: ReassignmentState | undefined
  return async () => {
    renew()
    const { state } = await look()
    former = stateOf(state.rows, state.atMs, former)
    return { rows: former.rows, summary: notesOf(former).join(', ') }
  }
}

function picking(state: ReassignmentState, picked: PickedPartitions): ReassignmentState {
  const rows = state.rows.filter((row) => picked.has(row))
  return stateOf(rows, state.atMs, undefined)
}

function notesOf({
  rows,
  copiedBytes,
  totalBytes,
  bytesPerSecond,
  remainingMs,
}: ReassignmentState): string[] {
  if (rows.length === 0) return ['nothing is under way']
  const far = `${formatSize(copiedBytes)} of ${formatSize(totalBytes)} are copied`
  if (bytesPerSecond === null) return [far]
  const left = remainingMs === null ? '' : `, ${formatDuration(Math.ceil(remainingMs / 1000) * 1000)} left`
  return [`${far}, ${formatSize(bytesPerSecond)}/s${left}`]
}
