import { argumentList } from '../lib/cli/arguments.ts'
import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, integer, option, outputFlags, string, watchFlags } from '../lib/cli/flags.ts'
import { lagShape, lagSumShape, timedLagShape } from '../lib/cli/lag-shape.ts'
import { placeFlags } from '../lib/cli/place-flags.ts'
import { UsageError } from '../lib/errors.ts'
import { served, type Views } from '../lib/model/views.ts'
import { lagNotes, lagOverLimit } from '../lib/operations/lag-remarks.ts'
import type { Isolation, LagRow } from '../lib/operations/lag-rows.ts'
import { type LagBy, type LagSum, lagSums } from '../lib/operations/lag-sums.ts'
import { readLag } from '../lib/operations/read-lag.ts'
import { list, type Result, watch } from '../lib/output/result.ts'
import type { Shape } from '../lib/output/shape.ts'
import { watchedTab } from '../lib/output/watch.ts'
import { openPlace, type PlaceFlags } from '../lib/places/open-place.ts'
import { openRounds } from '../lib/places/open-rounds.ts'

const EVERY_MS = 2000

export class Lag extends BaseCommand {
  static override summary = 'Show how far groups are behind, partition by partition.'

  static override description = [
    'Consumer groups, classic or of KIP-848, and share groups; all of them if none is named. Every partition that has a',
    'commit or is assigned to a member is a row. LAG is END less COMMITTED, and END is the high watermark, or with',
    '--isolation committed the last stable offset. Lag counts offsets: markers of transactions and what the cleaner',
    'removed count too. Without a commit there is no lag. LOST are offsets that were committed and are gone before they',
    'could be read; a commit beyond the end has a lag of 0. REASON says both, and why a partition is not known. For a',
    'share group COMMITTED is its start offset, and records that are done with behind it do not count.',
    '\n\nWith --isolation committed REASON also names the transaction that keeps readers of committed records from the end.',
    '\n\nFrom log directories the ends are those of the copies there, the high watermark is the one that was written',
    'last, and members are those that were written last.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> lag billing -b kafka1:9092',
    {
      description: 'Where every group stood, from a dead broker’s two disks',
      command: '<%= config.bin %> lag --all --log-dir /disk1/kafka --log-dir /disk2/kafka',
    },
    {
      description: 'Fail if one partition of a group is more than 10,000 behind',
      command: '<%= config.bin %> lag billing --max 10000 -b kafka1',
    },
    { description: 'On a screen, until you press q', command: '<%= config.bin %> lag billing -w -b kafka1' },
    {
      description: 'In time: how old the next record is that the group will read',
      command: '<%= config.bin %> lag billing --time -b kafka1',
    },
    {
      description: 'The ten topics that groups are furthest behind in',
      command: `<%= config.bin %> lag --all --by topic -c production -o json | jq '.items | sort_by(-.lag)[:10]'`,
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
    ...watchFlags,
    ...placeFlags,
    ...outputFlags(lagShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Lag)
    if (flags.all && args.group !== undefined) throw bothNamedAndAll()
    if (flags.watch) return this.#watched(args.group, flags)
    const place = await openPlace(flags, this.surroundings)
    const { rows, failures } = await this.#read(place, args.group, flags)
    const remarks = { notes: [...place.notes(), ...lagNotes(rows)], unread: place.unread() }
    if (flags.by === undefined) {
      const trouble = lagOverLimit(rows, flags.max)
      return list(shapeOf(flags), rows, { failures, ...remarks, ...(trouble && { trouble }) })
    }
    const sums = lagSums(rows, flags.by)
    const trouble = lagOverLimit(sums, flags.max)
    return list(lagSumShape(flags.by), sums, { failures, ...remarks, ...(trouble && { trouble }) })
  }

  async #watched(groups: readonly string[] | undefined, flags: Said): Promise<Result> {
    const round = await openRounds(flags, this.surroundings)
    const { by } = flags
    const read = async () => this.#read(await round(), groups, flags)
    const sortBy = { key: 'lag', isDescending: true }
    const tab =
      by === undefined
        ? watchedTab<LagRow>({ title: 'lag', shape: shapeOf(flags), sample: read, sortBy, trend: 'lag' })
        : watchedTab<LagSum>({
            title: 'lag',
            shape: lagSumShape(by),
            sample: async () => {
              const { rows, failures } = await read()
              return { rows: lagSums(rows, by), failures }
            },
            sortBy,
            trend: 'lag',
          })
    // A place that cannot be read is told before the screen is there.
    await read()
    return watch('ktool lag', [tab], flags.every ?? EVERY_MS)
  }

  #read(place: Views, groups: readonly string[] | undefined, { topic, isolation, time }: Said) {
    const { groups: asked, offsets, transactions } = place
    return readLag(
      { groups: served(asked), offsets: served(offsets), transactions },
      {
        groups,
        topics: topic,
        isolation,
        nowMs: time ? this.surroundings.clock.nowMs() : undefined,
      },
    )
  }
}

interface Said extends PlaceFlags {
  readonly topic?: readonly string[] | undefined
  readonly isolation: Isolation
  readonly time: boolean
  readonly by?: LagBy | undefined
  readonly every?: number | undefined
}

function shapeOf({ time }: Pick<Said, 'time'>): Shape<LagRow> {
  return time ? timedLagShape : lagShape
}

function bothNamedAndAll(): UsageError {
  return new UsageError('conflicting-arguments', 'name groups, or say --all, not both')
}
