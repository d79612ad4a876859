import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { namedGroups } from '../../lib/cli/commits-command.ts'
import { boolean, duration, integer, outputFlags } from '../../lib/cli/flags.ts'
import { groupStatusShape, partitionStatusShape } from '../../lib/cli/group-status-shape.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { KtoolError, UsageError } from '../../lib/errors.ts'
import { served, type Views } from '../../lib/model/views.ts'
import { allGroups, isConsuming } from '../../lib/operations/choose-groups.ts'
import { type GroupStatusRow, statusTrouble } from '../../lib/operations/group-status.ts'
import { pollGroupStatus } from '../../lib/operations/poll-group-status.ts'
import { readGroupStatus, type Statuses } from '../../lib/operations/read-group-status.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { type LiveCluster, openCluster } from '../../lib/places/open-cluster.ts'
import { openPlace } from '../../lib/places/open-place.ts'
import { pause } from '../../lib/ports/pause.ts'
import { commitsPartitionOf, readOffsetCommit } from '../../lib/protocol/records/read-offset-commit.ts'
import { formatDuration } from '../../lib/values/durations.ts'
import { formatTime } from '../../lib/values/times.ts'

const SAMPLES = 10
const FEWER = 3
const EVERY_MS = 2000

export class GroupsStatus extends BaseCommand {
  static override summary =
    'Tell which groups keep up, fall behind, stand still, or have stopped: by the rules of Burrow.'

  static override description = [
    'It looks at the last commits of each partition, as __consumer_offsets has them, and so at the past: there is no need to',
    'have watched. OK, WARN: it reads, and its lag never falls. STALL: it commits, and always the same. STOP: it has not',
    'committed for longer than those commits took. REWIND: it went back. Fewer commits than --window are UNKNOWN, never OK.',
    'A group is as its worst partition, where STALL, STOP and REWIND are ERR; the exit code is 3 from WARN on.',
    '\n\nWhere __consumer_offsets may not be read, and with --samples, it looks at where the groups stand, again and again;',
    'then STOP is told of groups without members only. Lag of the past is counted to the first record that is not older than',
    'the commit, by the timestamps of records.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups status -b kafka1:9092',
    {
      description: 'For a monitor: exit 3 if one of two is not well',
      command: '<%= config.bin %> groups status billing shipping -b kafka1:9092 -q -o json',
    },
    {
      description: 'Which partition it is',
      command: '<%= config.bin %> groups status billing --partitions -b kafka1:9092',
    },
    {
      description: 'How the groups were when the broker died',
      command: '<%= config.bin %> groups status --log-dir DIR',
    },
  ]

  static override args = {
    group: argumentList({ description: 'names of groups; all consumer groups if none is given' }),
  }

  static override flags = {
    partitions: boolean({ summary: 'A row for each partition.' }),
    window: integer({
      min: 2,
      max: 1000,
      default: 10,
      summary: 'So many commits are looked at.',
      helpValue: 'N',
    }),
    'allowed-lag': integer({ min: 0, default: 0, summary: 'Nobody is behind by so little.', helpValue: 'N' }),
    samples: integer({
      min: 2,
      max: 1000,
      summary: `Look so often at where the groups stand, instead of reading their commits; ${SAMPLES} where those may not be read.`,
      helpValue: 'N',
    }),
    every: duration({
      summary: `How long from one look to the next; ${formatDuration(EVERY_MS)} if not said.`,
    }),
    ...placeFlags,
    ...outputFlags(groupStatusShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsStatus)
    const isLive = flags['log-dir'] === undefined
    if (!isLive && flags.samples !== undefined) throw nothingMoves()
    const live = isLive ? await openCluster(flags, this.surroundings) : undefined
    const views = live?.views ?? (await openPlace(flags, this.surroundings))
    const names = namedGroups(args.group, undefined)
    const chosen =
      names.length > 0
        ? { groups: names, failures: [] }
        : await allGroups(served(views.groups), (each) => isConsuming(each))
    const asked = { groups: chosen.groups, allowedLag: flags['allowed-lag'] }
    const everyMs = flags.every ?? EVERY_MS
    let isPolled = false
    const polled = (samples: number) => {
      isPolled = true
      return this.#poll(views, live, { ...asked, samples, everyMs })
    }
    const notes: string[] = []
    const read = () => this.#read(views, asked, flags.window, isLive)
    const { rows, failures, atMs } =
      flags.samples === undefined
        ? await read().catch((error) => {
            if (live === undefined || !(error instanceof KtoolError)) throw error
            notes.push(`the commits cannot be read, so it looked ${SAMPLES} times instead: ${error.message}`)
            return polled(SAMPLES)
          })
        : await polled(flags.samples)
    const trouble = statusTrouble(rows)
    const remarks = {
      failures: [...chosen.failures, ...failures],
      notes: [
        ...notes,
        ...(isPolled ? [] : unknownNotes(rows, flags)),
        ...(isLive ? [] : [`as of ${formatTime(atMs)}, the last commit that is there`]),
        ...views.notes(),
      ],
      unread: views.unread(),
      ...(trouble && { trouble }),
    }
    return flags.partitions
      ? list(
          partitionStatusShape,
          rows.flatMap(({ partitions }) => partitions),
          remarks,
        )
      : list(groupStatusShape, rows, remarks)
  }

  #read(
    views: Views,
    asked: { readonly groups: readonly string[]; readonly allowedLag: number },
    window: number,
    isLive: boolean,
  ): Promise<Statuses> {
    const { groups, offsets, records } = views
    return readGroupStatus(
      { groups: served(groups), offsets: served(offsets), records: served(records) },
      {
        ...asked,
        window,
        nowMs: isLive ? this.surroundings.clock.nowMs() : null,
        read: readOffsetCommit,
        partitionOf: commitsPartitionOf,
      },
    )
  }

  #poll(
    views: Views,
    live: LiveCluster | undefined,
    {
      everyMs,
      ...asked
    }: Omit<Parameters<typeof pollGroupStatus>[1], 'nowMs' | 'pause'> & { readonly everyMs: number },
  ): Promise<Statuses> {
    const { clock } = this.surroundings
    const rest = async () => {
      await pause(clock, everyMs)
      live?.cluster.deadline.renew()
      return true
    }
    const both = { groups: served(views.groups), offsets: served(views.offsets) }
    return pollGroupStatus(both, { ...asked, nowMs: () => clock.nowMs(), pause: rest })
  }
}

function nothingMoves(): UsageError {
  return new UsageError(
    'no-samples',
    '--samples asks a live cluster again and again; log directories do not move',
  )
}

/** Nobody would guess why a group that reads is UNKNOWN. */
function unknownNotes(
  rows: Statuses['rows'],
  { window, 'log-dir': disk }: { window: number; 'log-dir': readonly string[] | undefined },
): readonly string[] {
  if (!rows.some(hasFewCommits)) return []
  const ways = [
    ...(window > FEWER ? [`--window ${FEWER} asks for fewer`] : []),
    ...(disk === undefined ? [`--samples ${SAMPLES} looks at it from now on`] : []),
  ]
  return [[`UNKNOWN: there are fewer than ${window} commits of it`, ...ways].join('; ')]
}

/** A partition is UNKNOWN as well where nobody knows its end. */
function hasFewCommits({ status, partitions }: GroupStatusRow): boolean {
  if (status !== 'UNKNOWN') return false
  return partitions.length === 0 || partitions.some((each) => each.status === 'UNKNOWN' && each.complete < 1)
}
