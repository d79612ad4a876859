import { dirname, join } from 'node:path'
import type { Random } from '../../ports/random.ts'
import type { Aside } from '../files/folder-names.ts'

const LONGEST_NAME = 255

/** The folder in which a partition is copied to another directory. Names that would be too long are refused before. */
export function futurePath(directory: string, name: string, random: Random): string {
  return join(directory, `${name}.${random.bytes(16).toString('hex')}-future`)
}

/** What Kafka renames a partition's folder to that is not used any more. A long topic is cut short. */
export function asidePath(
  { path, topic, partition }: { path: string; topic: string; partition: number },
  aside: Aside,
  random: Random,
): string {
  const rest = `-${partition}.${random.bytes(16).toString('hex')}-${aside}`
  return join(dirname(path), topic.slice(0, LONGEST_NAME - rest.length) + rest)
}
