import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { option, outputFlags, string } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { partitionerOf } from '../../lib/client/produce/partitioners.ts'
import { noSuchTopic } from '../../lib/model/not-found.ts'
import { partitionName } from '../../lib/model/partitions.ts'
import { served } from '../../lib/model/views.ts'
import { item, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'
import { serialize } from '../../lib/serde/serialize.ts'

interface Row {
  readonly topic: string
  readonly partition: number
  readonly partitions: number
  readonly partitioner: string
  readonly keyBase64: string
}

const shape: Shape<Row> = {
  version: 1,
  name: partitionName,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('partitions', { kind: 'number' }),
    column('partitioner'),
    column('keyBase64', { isInTable: false }),
  ],
}

export class TopicsWhere extends BaseCommand {
  static override summary = 'Tell which partition of a topic records with a key go to.'

  static override description = [
    "murmur2 is what Java's producers do, and Kafka Streams and kafkajs with them; librdkafka is what kcat and the clients",
    'over librdkafka do unless told otherwise. It is reckoned for as many partitions as the topic has now: records from',
    'before it had that many may lie elsewhere.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> topics where customer-17 --topic orders -b kafka1:9092',
    {
      description: 'A key that is a number of eight bytes, and what lies in its partition',
      command:
        '<%= config.bin %> consume "$(ktool topics where 4711 --key long --topic orders -c prod -o name)" -c prod',
    },
  ]

  static override args = { key: argument({ description: 'the key', required: true }) }

  static override flags = {
    topic: string({ required: true, summary: 'The topic.', helpValue: 'TOPIC' }),
    key: option({
      options: ['text', 'hex', 'base64', 'int', 'long', 'uuid'] as const,
      default: 'text' as const,
      summary: 'What the key is made of, as producers write it.',
    })(),
    partitioner: option({
      options: ['murmur2', 'librdkafka'] as const,
      default: 'murmur2' as const,
      summary: 'Who chooses the partition.',
    })(),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsWhere)
    const { topic, partitioner } = flags
    const key = serialize(flags.key, args.key) ?? Buffer.alloc(0)
    const place = await openPlace(flags, this.surroundings)
    const known = await served(place.offsets).partitions(topic)
    if (known === undefined) throw noSuchTopic(topic)
    const { random } = await this.surroundings.world()
    const spread = { count: known.length, available: known }
    const partition = partitionerOf(partitioner, random).partitionOf(key, spread)
    const row = { topic, partition, partitions: known.length, partitioner, keyBase64: key.toString('base64') }
    return item(shape, row, { notes: place.notes(), unread: place.unread() })
  }
}
