import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { UsageError } from '../../lib/errors.ts'
import { failuresIn, foundIn } from '../../lib/model/outcome.ts'
import { served } from '../../lib/model/views.ts'
import { allGroups } from '../../lib/operations/choose-groups.ts'
import {
  describeGroups,
  type GroupDescription,
  type MemberDescription,
} from '../../lib/operations/describe-groups.ts'
import { list, outcomes, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import type { Value } from '../../lib/output/value.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<GroupDescription> = {
  version: 1,
  name: ({ group }) => group,
  metrics: [
    {
      name: 'ktool_group_info',
      type: 'gauge',
      help: 'A group and its state; the value is 1.',
      key: 'exists',
      labels: ['group', 'type', 'state', 'protocolType'],
    },
    {
      name: 'ktool_group_members',
      type: 'gauge',
      help: 'How many members a group has.',
      key: 'memberCount',
      labels: ['group'],
    },
  ],
  columns: [
    column('group'),
    column('type'),
    column('state'),
    column('coordinator', { kind: 'number' }),
    column('protocolType', { header: 'PROTOCOL', shown: ({ protocolType }) => protocolType || null }),
    column('assignor'),
    column('generation', { kind: 'number' }),
    column('leader', { isInTable: false }),
    column('epoch', { kind: 'number' }),
    column('targetEpoch', { kind: 'number' }),
    column('memberCount', { kind: 'number', header: 'MEMBERS' }),
    computed('members', ({ members }) => members.map(asValue), { isInTable: false }),
    computed('offsets', ({ offsets }) => offsets.map(asValue), { isInTable: false }),
    computed('pendingOffsets', ({ pendingOffsets }) => pendingOffsets.map(asValue), { isInTable: false }),
    computed('startOffsets', ({ startOffsets }) => startOffsets.map(asValue), { isInTable: false }),
  ],
}

/** Prometheus has numbers alone: what is a word stands in the labels of a 1. */
const infoShape: Shape<GroupDescription> = {
  ...shape,
  columns: [...shape.columns, computed('exists', () => 1, { isInTable: false })],
}

const memberShape: Shape<MemberDescription> = {
  version: 1,
  name: ({ memberId }) => memberId,
  metrics: [
    {
      name: 'ktool_group_member_partitions',
      type: 'gauge',
      help: 'How many partitions a member is assigned.',
      key: 'partitions',
      labels: ['group', 'memberId', 'clientId', 'host'],
    },
  ],
  columns: [
    column('group'),
    column('memberId', { header: 'MEMBER' }),
    column('instanceId', { isSpare: true, header: 'INSTANCE' }),
    column('clientId', { isSpare: true, header: 'CLIENT' }),
    column('host', { isSpare: true }),
    column('rackId', { header: 'RACK', isInTable: false }),
    column('epoch', { kind: 'number' }),
    column('partitions', { kind: 'number' }),
    column('assignment', { folds: true }),
    column('target', { folds: true }),
    column('subscribedTopics', { isInTable: false }),
    column('subscribedRegex', { isInTable: false }),
  ],
}

export class GroupsDescribe extends BaseCommand {
  static override summary = 'Describe groups: their state, their members, and what they have committed.'

  static override description = [
    'In json and yaml it is all of it: members with what they are assigned, and `offsets`, each with its metadata and',
    'whether an open transaction holds another commit for it; share groups have `startOffsets` instead. A table shows',
    'the group, or with --members its members. ktool lag sets the offsets against the ends.',
    '\n\nGroups of KIP-848 have epochs: the group’s own moves first, then that of the target assignment, then those of',
    'the members. Classic groups have a generation and a leader.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> groups describe billing -b kafka1:9092',
    '<%= config.bin %> groups describe billing --log-dir /var/lib/kafka/data',
    {
      description: 'Who has which partitions',
      command: '<%= config.bin %> groups describe billing --members -b kafka1',
    },
    {
      description: 'State and members of all groups, for Prometheus',
      command: '<%= config.bin %> groups describe --all -o prom -c prod',
    },
    {
      description: 'What it committed, and with which metadata',
      command: `<%= config.bin %> groups describe billing -b kafka1 -o json | jq '.items[].offsets'`,
    },
  ]

  static override args = {
    group: argumentList({ description: 'names of groups' }),
  }

  static override flags = {
    all: boolean({ summary: 'Every group that there is.' }),
    members: boolean({ summary: 'A row for each member.' }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(GroupsDescribe)
    if ((args.group !== undefined) === flags.all) throw whichGroups()
    const place = await openPlace(flags, this.surroundings)
    const view = served(place.groups)
    const chosen = args.group === undefined ? await allGroups(view, () => true) : undefined
    const described = [
      ...(await describeGroups(view, chosen?.groups ?? args.group ?? [])),
      ...(chosen?.failures ?? []).map(({ item, error }) => ({ item, outcome: error })),
    ]
    const remarks = { notes: place.notes(), unread: place.unread() }
    if (!flags.members) return outcomes(flags.output === 'prom' ? infoShape : shape, described, remarks)
    const groups = foundIn(described)
    const failures = failuresIn(described)
    return list(
      memberShape,
      groups.flatMap(({ members }) => members),
      { failures, rowlessCount: groups.length, ...remarks },
    )
  }
}

function whichGroups(): UsageError {
  return new UsageError('which-groups', 'name the groups, or say --all; not both', {
    hint: 'ktool groups list names them',
  })
}

function asValue(row: object): Value {
  return { ...row } as { [key: string]: Value }
}
