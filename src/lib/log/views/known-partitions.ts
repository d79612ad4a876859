import { FailedError } from '../../errors.ts'
import type { LogDirectories } from '../cluster/log-directories.ts'

/** The partitions of a topic that the metadata knows and those that are here; nothing where there is no such topic. */
export function partitionNumbers(directories: LogDirectories, topic: string): number[] | undefined {
  const said = directories.metadata?.topics.get(topic)?.partitions.keys() ?? []
  const numbers = [...new Set([...said, ...directories.here(topic)])].sort((a, b) => a - b)
  return numbers.length === 0 ? undefined : numbers
}

/** Why a partition that somebody names has no folder in use here. */
export function whyNotHere(directories: LogDirectories, topic: string, partition: number): string {
  const { metadata, unread } = directories
  const folders = directories.copies(topic, partition).map(({ named }) => named.path)
  const closed = unread.find(({ item }) => folders.includes(item))
  if (closed !== undefined) return closed.error.message
  const image = metadata?.topics.get(topic)?.partitions.get(partition)
  if (image !== undefined) {
    const brokers = image.replicas.length === 1 ? 'broker' : 'brokers'
    return `no copy of it is in these directories; it is on ${brokers} ${image.replicas.join(', ')}`
  }
  if (metadata === null) return 'no copy of it is in these directories'
  if (metadata.topics.has(topic)) return 'the topic has no such partition'
  return 'the topic is deleted'
}

export function partitionNotHere(directories: LogDirectories, topic: string, partition: number): FailedError {
  return new FailedError('partition-not-here', whyNotHere(directories, topic, partition), {
    hint: 'name the other log directories too, with another --log-dir each',
    details: { topic, partition },
  })
}

export function topicNotFound({ metadata }: LogDirectories, topic: string): FailedError {
  const where = metadata === null ? 'in these directories' : 'in the metadata log or in these directories'
  return new FailedError('topic-not-found', `there is no topic "${topic}" ${where}`, {
    hint: 'ktool topics list names them all',
  })
}
