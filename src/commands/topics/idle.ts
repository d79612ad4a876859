import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, clusterFlags, duration, outputFlags } from '../../lib/cli/flags.ts'
import { served } from '../../lib/model/views.ts'
import { type IdleTopic, idleTopics } from '../../lib/operations/idle-topics.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const WEEK_MS = 7 * 24 * 60 * 60_000

function shapeWith(sizes: boolean): Shape<IdleTopic> {
  return {
    version: 1,
    name: ({ topic }) => topic,
    columns: [
      column('topic'),
      computed('partitions', ({ partitionCount }) => partitionCount, { kind: 'number' }),
      computed('lastRecordMs', ({ lastTimestampMs }) => lastTimestampMs, { kind: 'moment' }),
      computed('idleForMs', ({ idleForMs }) => idleForMs, { kind: 'duration' }),
      column('groups', { folds: true }),
      column('readingGroups', { isInTable: false }),
      column('sizeBytes', { kind: 'size', isInTable: sizes }),
      column('reason', { folds: true }),
    ],
  }
}

export class TopicsIdle extends BaseCommand {
  static override summary =
    'Find topics that nobody has written to for a while, and the groups that still have to do with them.'

  static override description = [
    'LAST RECORD is the latest timestamp in the segments that are still there, of any partition; markers of transactions',
    'count. Where producers set the time, it is theirs: a record from the future keeps a topic from being idle, and is',
    'told. A topic without a record is idle, and has none; REASON says whether it ever had one. GROUPS have a commit or',
    'a share of the topic, or members that read it; `readingGroups` are those with members now.',
    '\n\nTopics of the coordinators are left out unless --internal asks for them. A topic of which a partition does not',
    'answer, and no other was written to since, is a failure, exit 1. The question for the latest timestamp is one of',
    'Kafka 3.0.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics idle -b kafka1:9092',
    {
      description: 'What could go: a quarter of a year without a record, and no group, the largest first',
      command:
        "<%= config.bin %> topics idle --since 90d --size -c prod -o json | jq -r '[.items[] | select(.groups == [])] | sort_by(-.sizeBytes)[].topic'",
    },
    { description: 'Only the names', command: '<%= config.bin %> topics idle --since 30d -c prod -o name' },
  ]

  static override args = { topics: argumentList({ description: 'topics; all if none is given' }) }

  static override flags = {
    since: duration({ summary: 'For how long there was no record; 7d if not said.' }),
    internal: boolean({ summary: "Also the topics of Kafka's own coordinators." }),
    size: boolean({ summary: 'Ask all brokers how large the copies are.' }),
    ...clusterFlags,
    ...outputFlags(shapeWith(true)),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsIdle)
    const { views } = await openCluster(flags, this.surroundings)
    const asked = {
      topics: served(views.topics),
      offsets: served(views.offsets),
      groups: served(views.groups),
    }
    const { rows, failures, notes } = await idleTopics(asked, {
      topics: args.topics,
      internal: flags.internal,
      sizes: flags.size,
      idleMs: flags.since ?? WEEK_MS,
      nowMs: this.surroundings.clock.nowMs(),
    })
    return list(shapeWith(flags.size), rows, { failures, notes: [...notes, ...views.notes()] })
  }
}
