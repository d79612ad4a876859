import { BaseCommand } from '../../lib/cli/base-command.ts'
import { oneOf, outputFlags, string } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { isKnown } from '../../lib/model/figure.ts'
import { type GroupListing, groupStates, groupTypes } from '../../lib/model/groups.ts'
import { served } from '../../lib/model/views.ts'
import { listGroups } from '../../lib/operations/list-groups.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<GroupListing> = {
  version: 1,
  name: ({ group }) => group,
  columns: [
    column('group'),
    column('type'),
    column('protocolType', { header: 'PROTOCOL', shown: ({ protocolType }) => protocolType || null }),
    column('state', { colour: ({ state }) => (state === 'Stable' ? 'green' : undefined) }),
    column('memberCount', { kind: 'number', header: 'MEMBERS' }),
  ],
}

/** A column of question marks tells nothing. */
const uncounted: Shape<GroupListing> = {
  ...shape,
  columns: shape.columns.map((each) => (each.key === 'memberCount' ? { ...each, isInTable: false } : each)),
}

const several = { multiple: true, multipleNonGreedy: true } as const

export class GroupsList extends BaseCommand {
  static override summary = 'List the groups: classic, consumer (KIP-848), share and streams groups.'

  static override description = [
    'A broker tells the groups that it coordinates, and all of them are asked; how many members a live group has is told',
    'by ktool groups describe.',
    '\n\nFrom log directories a group is what its coordinator wrote of it last: a classic group with members is Stable,',
    'whether or not a rebalance was under way, and a group that only commits offsets is Empty. Its log is a partition',
    'of __consumer_offsets; of the partitions that are not there the groups are not known, and the exit code is 1.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups list -b kafka1:9092',
    '<%= config.bin %> groups list --log-dir /var/lib/kafka/data',
    {
      description: 'Who reads a topic',
      command: '<%= config.bin %> groups list --topic orders -b kafka1 -o name',
    },
    {
      description: 'Groups without members',
      command: '<%= config.bin %> groups list --state Empty -b kafka1',
    },
  ]

  static override flags = {
    state: oneOf(groupStates)({
      ...several,
      summary: 'Only groups in this state, such as Stable or Empty; repeat it for more.',
      helpValue: 'STATE',
    }),
    type: oneOf(groupTypes)({
      ...several,
      summary: 'Only classic, consumer, share or streams groups.',
      helpValue: 'TYPE',
    }),
    topic: string({
      ...several,
      summary: 'Only groups with a commit for this topic, or a member that reads it.',
      helpValue: 'TOPIC',
    }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(GroupsList)
    const place = await openPlace(flags, this.surroundings)
    const { state: states, type: types, topic: topics } = flags
    const { rows, failures } = await listGroups(served(place.groups), { states, types, topics })
    const isCounted = rows.length === 0 || rows.some(({ memberCount }) => isKnown(memberCount))
    return list(isCounted ? shape : uncounted, rows, {
      failures,
      notes: place.notes(),
      unread: place.unread(),
    })
  }
}
