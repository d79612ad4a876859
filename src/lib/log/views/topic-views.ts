import { type Figure, unknown } from '../../model/figure.ts'
import type { OffsetsView } from '../../model/offsets.ts'
import type { Outcome } from '../../model/outcome.ts'
import { isInternalTopic, type Topic, type TopicListing, type TopicsView } from '../../model/topics.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectories } from '../cluster/log-directories.ts'
import { configsOf, type TopicImage } from '../cluster/metadata-image.ts'
import { topicIdOf } from '../cluster/partition-copies.ts'
import { describePartitions } from './describe-partitions.ts'
import { topicNotFound } from './known-partitions.ts'
import { asWritten } from './metadata-figures.ts'
import { copySizeBytes } from './partition-sizes.ts'

const MIN_ISR = 'min.insync.replicas'

/** Topics as the metadata log knows them and as their folders are there. */
export function diskTopics(
  disk: ReadableDisk,
  directories: LogDirectories,
  offsets: Pick<OffsetsView, 'offsets'>,
): TopicsView {
  const names = new Set(topicNames(directories))
  return {
    list: async () => [...names].map((topic) => listing(disk, directories, topic)),
    describe: (topics) =>
      Promise.all(
        topics.map(async (item): Promise<Outcome<Topic>> => {
          const isThere = names.has(item)
          return {
            item,
            outcome: isThere
              ? await describe(disk, directories, offsets, item)
              : topicNotFound(directories, item),
          }
        }),
      ),
  }
}

/** Those that the metadata knows, and those that only their folders do. */
function topicNames({ metadata, topics }: LogDirectories): string[] {
  return [...new Set([...(metadata?.topics.keys() ?? []), ...topics()])].sort()
}

function listing(disk: ReadableDisk, directories: LogDirectories, topic: string): TopicListing {
  const image = directories.metadata?.topics.get(topic)
  return {
    topic,
    topicId: topicId(disk, directories, topic),
    partitionCount: image === undefined ? seenHere(directories, topic) : asWritten(image.partitions.size),
    replicationFactor: image === undefined ? notWritten(directories) : replicationFactor(image),
    isInternal: isInternalTopic(topic),
    sizeBytes: { value: sizeOf(disk, directories, topic), from: 'file', bound: 'exact' },
  }
}

async function describe(
  disk: ReadableDisk,
  directories: LogDirectories,
  offsets: Pick<OffsetsView, 'offsets'>,
  topic: string,
): Promise<Topic> {
  const { metadata } = directories
  return {
    topic,
    topicId: topicId(disk, directories, topic),
    isInternal: isInternalTopic(topic),
    configs: metadata === null ? null : sortedObject(configsOf(metadata, 'topic', topic)),
    minIsr: minIsr(directories, topic),
    partitions: await describePartitions(disk, directories, offsets, topic),
  }
}

/** Set of the topic, or else of all brokers; what stands in the files of single brokers is not here. */
function minIsr(directories: LogDirectories, topic: string): Figure {
  const { metadata } = directories
  if (metadata === null) return notWritten(directories)
  const set =
    configsOf(metadata, 'topic', topic).get(MIN_ISR) ?? configsOf(metadata, 'broker', '').get(MIN_ISR)
  return set === undefined
    ? unknown(`${MIN_ISR} was not set: it stands in the files of the brokers, or is 1`)
    : asWritten(Number(set))
}

function topicId(disk: ReadableDisk, directories: LogDirectories, topic: string): string | null {
  const image = directories.metadata?.topics.get(topic)
  if (image !== undefined) return image.topicId
  const folder = directories.partitions(topic)[0]?.folder
  return folder === undefined ? null : topicIdOf(disk, folder.path)
}

function seenHere(directories: LogDirectories, topic: string): Figure {
  const value = directories.partitions(topic).length
  return { value, from: 'file', bound: 'atLeast', reason: 'seen here; others may lie elsewhere' }
}

function notWritten({ metadata, noMetadata }: LogDirectories): Figure {
  return unknown(
    noMetadata ?? (metadata === null ? 'there is no metadata' : 'the metadata log knows no such topic'),
  )
}

/** Kafka takes that of the first partition for the topic's. */
function replicationFactor({ partitions }: TopicImage): Figure {
  const [first] = partitions.values()
  return first === undefined ? unknown('it has no partitions') : asWritten(first.replicas.length)
}

function sizeOf(disk: ReadableDisk, directories: LogDirectories, topic: string): number {
  return directories
    .numbers(topic)
    .flatMap((partition) => directories.current(topic, partition))
    .reduce((sum, { named }) => sum + copySizeBytes(disk, named.path), 0)
}

function sortedObject(configs: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...configs].sort(([a], [b]) => (a < b ? -1 : 1)))
}
