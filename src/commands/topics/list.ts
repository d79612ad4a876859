import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { TopicListing } from '../../lib/model/topics.ts'
import { served } from '../../lib/model/views.ts'
import { listingNotes } from '../../lib/operations/topic-remarks.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<TopicListing> = {
  version: 1,
  name: ({ topic }) => topic,
  columns: [
    column('topic'),
    computed('partitions', ({ partitionCount }) => partitionCount, { kind: 'number' }),
    column('replicationFactor', { kind: 'number', header: 'REPLICAS' }),
    computed('internal', ({ isInternal }) => isInternal),
    column('sizeBytes', { kind: 'size' }),
    column('topicId', { isInTable: false }),
  ],
}

/** A column of question marks tells nothing. */
const unsized: Shape<TopicListing> = {
  ...shape,
  columns: shape.columns.map((each) => (each.key === 'sizeBytes' ? { ...each, isInTable: false } : each)),
}

export class TopicsList extends BaseCommand {
  static override summary = 'List topics, with their partitions, replicas and sizes.'

  static override description = [
    'SIZE is what the segments of every copy in use take, without indexes, and without copies that are still being',
    'made; of a live cluster it is asked of all brokers, with --size.',
    '\n\nOn a disk there are those that the metadata knows, and those that only have folders here. Without the metadata',
    "log, and of ZooKeeper's time, it is not known how many replicas there are, and PARTITIONS are those that were",
    'seen here.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics list -b kafka1:9092',
    {
      description: 'What is on the disks of a broker',
      command: '<%= config.bin %> topics list --log-dir /var/lib/kafka/data0 --log-dir /var/lib/kafka/data1',
    },
    {
      description: 'The names alone, without those of the coordinators',
      command: '<%= config.bin %> topics list --log-dir DIR --exclude-internal -o name',
    },
    {
      description: 'The ten largest',
      command:
        "<%= config.bin %> topics list --size -c prod -o json | jq -r '.items | sort_by(-.sizeBytes)[:10][].topic'",
    },
  ]

  static override flags = {
    ...placeFlags,
    'exclude-internal': boolean({ summary: "Leave out the topics of Kafka's own coordinators." }),
    size: boolean({ summary: 'Ask all brokers how large the copies are; a disk tells it anyhow.' }),
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(TopicsList)
    const place = await openPlace(flags, this.surroundings)
    const topics = await served(place.topics).list({ sizes: flags.size })
    const rows = topics.filter(({ isInternal }) => !(isInternal && flags['exclude-internal']))
    const trouble = place.trouble()
    const notes = [...listingNotes(rows), ...place.notes()]
    return list(flags.size || flags['log-dir'] !== undefined ? shape : unsized, rows, {
      notes,
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}
