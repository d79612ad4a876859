import { argumentList } from '../lib/cli/arguments.ts'
import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, integer, option, outputFlags, string } from '../lib/cli/flags.ts'
import { placeFlags } from '../lib/cli/place-flags.ts'
import { UsageError } from '../lib/errors.ts'
import { isKnown } from '../lib/model/figure.ts'
import { served } from '../lib/model/views.ts'
import { lagNotes, lagOverLimit } from '../lib/operations/lag-remarks.ts'
import type { LagRow } from '../lib/operations/lag-rows.ts'
import { type LagBy, type LagSum, lagSums } from '../lib/operations/lag-sums.ts'
import { readLag } from '../lib/operations/read-lag.ts'
import { list, type Result } from '../lib/output/result.ts'
import { column, type Metric, type Shape } from '../lib/output/shape.ts'
import { openPlace } from '../lib/places/open-place.ts'

const rowLabels = ['group', 'topic', 'partition']
const sumLabels = ['group', 'topic', 'memberId', 'clientId']

const shape: Shape<LagRow> = {
  version: 1,
  metrics: [
    gauge('ktool_group_lag', 'Offsets between the commit of a group and the end.', 'lag', rowLabels),
    gauge('ktool_group_committed_offset', 'What a group committed last.', 'committed', rowLabels),
    gauge('ktool_group_end_offset', 'The end that lag is counted to.', 'end', rowLabels),
    gauge('ktool_group_lost_offsets', 'Offsets that were gone before they were read.', 'lost', rowLabels),
    gauge('ktool_group_lag_milliseconds', 'Age of the first unread record.', 'timeLagMs', rowLabels),
  ],
  columns: [
    column('group'),
    column('topic'),
    column('partition', { kind: 'number' }),
    column('committed', { kind: 'number' }),
    column('logStart', { kind: 'number', isInTable: false }),
    column('highWatermark', { kind: 'number', isInTable: false }),
    column('lastStable', { kind: 'number', isInTable: false }),
    column('logEnd', { kind: 'number', isInTable: false }),
    column('end', { kind: 'number' }),
    column('lag', { kind: 'number', colour: ({ lag }) => (isBehind(lag) ? 'yellow' : undefined) }),
    column('timeLagMs', { kind: 'duration', header: 'BEHIND BY', isInTable: false }),
    column('lost', { kind: 'number', colour: ({ lost }) => ((lost ?? 0) > 0 ? 'red' : undefined) }),
    column('memberId', { header: 'MEMBER', isInTable: false }),
    column('clientId', { isSpare: true, header: 'CLIENT' }),
    column('host', { isSpare: true }),
    column('reason', { folds: true }),
    column('potentialLag', { kind: 'number', isInTable: false }),
  ],
}

const timedShape: Shape<LagRow> = {
  ...shape,
  columns: shape.columns.map((each) => (each.key === 'timeLagMs' ? { ...each, isInTable: true } : each)),
}

const sumShape: Shape<LagSum> = {
  version: 1,
  metrics: [
    gauge('ktool_group_lag_sum', 'Lag of several partitions together.', 'lag', sumLabels),
    gauge('ktool_group_lag_max', 'Lag of the partition that is furthest behind.', 'maxLag', sumLabels),
  ],
  columns: [
    column('group'),
    column('topic'),
    column('memberId', { header: 'MEMBER' }),
    column('clientId', { header: 'CLIENT' }),
    column('host'),
    column('partitions', { kind: 'number' }),
    column('lag', { kind: 'number', colour: ({ lag }) => (isBehind(lag) ? 'yellow' : undefined) }),
    column('maxLag', { kind: 'number' }),
    column('withoutLag', { kind: 'number' }),
  ],
}

const toldBy: Readonly<Record<LagBy, readonly string[]>> = {
  group: [],
  topic: ['topic'],
  member: ['memberId', 'clientId', 'host'],
}

export class Lag extends BaseCommand {
  static override summary = 'Show how far groups are behind, partition by partition.'

  static override description = [
    'Consumer groups, classic or of KIP-848, and share groups; all of them if none is named. Every partition that has a',
    'commit or is assigned to a member is a row. LAG is END less COMMITTED, and END is the high watermark, or with',
    '--isolation committed the last stable offset. Lag counts offsets: markers of transactions and what the cleaner',
    'removed count too. Without a commit there is no lag. LOST are offsets that were committed and are gone before they',
    'could be read; a commit beyond the end has a lag of 0. REASON says both, and why a partition is not known. For a',
    'share group COMMITTED is its start offset, and records that are done with behind it do not count.',
    '\n\nFrom log directories the ends are those of the copies there, the high watermark is the one that was written',
    'last, and members are those that were written last.',
  ].join(' ')

  static override examples = [
    {
      description: 'Where every group stood, from a dead broker’s two disks',
      command: '<%= config.bin %> lag --all --log-dir /disk1/kafka --log-dir /disk2/kafka',
    },
    {
      description: 'Fail if one partition of a group is more than 10,000 behind',
      command: '<%= config.bin %> lag billing --max 10000 --log-dir DIR',
    },
    {
      description: 'In time: how old the next record is that the group will read',
      command: '<%= config.bin %> lag billing --time --log-dir DIR',
    },
    {
      description: 'The ten topics that groups are furthest behind in',
      command: `<%= config.bin %> lag --by topic --log-dir DIR -o json | jq '.items | sort_by(-.lag)[:10]'`,
    },
  ]

  static override args = {
    group: argumentList({ description: 'names of groups; all of them if none is given' }),
  }

  static override flags = {
    all: boolean({ summary: 'All groups, which is what happens if none is named.' }),
    topic: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only this topic; repeat it for more.',
      helpValue: 'TOPIC',
    }),
    isolation: option({
      options: ['uncommitted', 'committed'] as const,
      default: 'uncommitted' as const,
      summary:
        'Which end counts: uncommitted, of all replicated records, or committed, before the first open transaction.',
      helpValue: 'ISOLATION',
    })(),
    time: boolean({ summary: 'Also how old the first unread record is. It reads one batch a partition.' }),
    max: integer({ min: 0, summary: 'Exit 3 if a row lags by more.', helpValue: 'N' }),
    by: option({
      options: ['topic', 'member', 'group'] as const,
      summary: 'Add partitions up.',
      helpValue: 'topic|member|group',
    })(),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Lag)
    if (flags.all && args.group !== undefined) throw bothNamedAndAll()
    const place = openPlace(flags, this.surroundings)
    const { rows, failures } = await readLag(
      { groups: served(place.groups), offsets: served(place.offsets) },
      {
        groups: args.group,
        topics: flags.topic,
        isolation: flags.isolation,
        nowMs: flags.time ? this.surroundings.clock.nowMs() : undefined,
      },
    )
    const remarks = { notes: [...place.notes(), ...lagNotes(rows)], unread: place.unread() }
    if (flags.by === undefined) {
      const trouble = lagOverLimit(rows, flags.max)
      return list(flags.time ? timedShape : shape, rows, {
        failures,
        ...remarks,
        ...(trouble && { trouble }),
      })
    }
    const sums = lagSums(rows, flags.by)
    const trouble = lagOverLimit(sums, flags.max)
    return list(sumShapeBy(flags.by), sums, { failures, ...remarks, ...(trouble && { trouble }) })
  }
}

function gauge(name: string, help: string, key: string, labels: readonly string[]): Metric {
  return { name, type: 'gauge', help, key, labels }
}

/** A table has no column for what a sum does not tell apart. */
function sumShapeBy(by: LagBy): Shape<LagSum> {
  const told = toldBy[by]
  const untold = Object.values(toldBy)
    .flat()
    .filter((key) => !told.includes(key))
  const columns = sumShape.columns.map((each) =>
    untold.includes(each.key) ? { ...each, isInTable: false } : each,
  )
  return { ...sumShape, columns }
}

function isBehind(lag: LagRow['lag']): boolean {
  return lag !== null && isKnown(lag) && lag.value > 0
}

function bothNamedAndAll(): UsageError {
  return new UsageError('conflicting-arguments', 'name groups, or say --all, not both')
}
