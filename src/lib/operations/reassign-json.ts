import { DataError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import type { Step } from '../model/plan.ts'
import { isMapping } from '../values/mappings.ts'
import { ANY_LOG_DIR, partitionOf, placementOf } from './partition-item.ts'

/** A line of Kafka's reassignment JSON: where a partition shall be, and on which disks. */
export interface AssignedReplicas extends TopicPartition {
  readonly replicas: readonly number[]
  /** One for each replica, `any` where it is the broker's to choose; null where the file says nothing. */
  readonly logDirs: readonly string[] | null
}

const MAX_INT = 2 ** 31 - 1

/** What `kafka-reassign-partitions --reassignment-json-file` takes. */
export function parseReassignment(text: string, path: string): AssignedReplicas[] {
  const file = new KafkaJson(text, path)
  file.mustBeVersion1()
  const lines = file.list('partitions').map((value, i) => {
    const where = `partitions[${i}]`
    const line = file.object(value, where)
    const at = file.topicPartition(line, where)
    const replicas = file.integers(line.replicas, `${where}.replicas`)
    return { ...at, replicas, logDirs: file.logDirs(line.log_dirs, replicas.length, `${where}.log_dirs`) }
  })
  file.mustDiffer(lines)
  return lines
}

/** Ours say what they are of; Kafka's do not. */
export function isKtoolPlan(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'kind' in value
  } catch {
    return false
  }
}

/** A plan's, as a file of Kafka's would have them. */
export function linesOfSteps(steps: readonly Step[]): AssignedReplicas[] {
  return steps.map(({ item, after }) => ({
    ...partitionOf(item),
    ...placementOf(after),
  }))
}

/** To the letter what Kafka's tool writes. */
export function formatReassignment(lines: readonly AssignedReplicas[]): string {
  const partitions = lines.map(({ topic, partition, replicas, logDirs }) => ({
    topic,
    partition,
    replicas,
    log_dirs: logDirs ?? replicas.map(() => ANY_LOG_DIR),
  }))
  return JSON.stringify({ version: 1, partitions })
}

/** What `kafka-reassign-partitions --topics-to-move-json-file` takes. */
export function parseTopicsToMove(text: string, path: string): string[] {
  const file = new KafkaJson(text, path)
  file.mustBeVersion1()
  const topics = file
    .list('topics')
    .map((value, i) => file.topic(file.object(value, `topics[${i}]`), `topics[${i}]`))
  file.mustDiffer(topics.map((topic) => ({ topic })))
  return topics
}

/** What `kafka-leader-election --path-to-json-file` takes. It has no version. */
export function parseElection(text: string, path: string): TopicPartition[] {
  const file = new KafkaJson(text, path)
  const partitions = file.list('partitions').map((value, i) => {
    const where = `partitions[${i}]`
    return file.topicPartition(file.object(value, where), where)
  })
  file.mustDiffer(partitions)
  return partitions
}

/** JSON of Kafka's own tools, with the place of what is wrong in it. */
class KafkaJson {
  readonly #path: string
  readonly #root: Record<string, unknown>

  constructor(text: string, path: string) {
    this.#path = path
    this.#root = this.object(this.#parsed(text), 'the file')
  }

  mustBeVersion1(): void {
    const { version } = this.#root
    if (version !== 1)
      throw this.#wrong('version', `it is ${JSON.stringify(version) ?? 'missing'}; 1 is known`)
  }

  list(key: string): readonly unknown[] {
    const value = this.#root[key]
    if (!Array.isArray(value)) throw this.#wrong(key, 'it is not a list')
    return value
  }

  object(value: unknown, where: string): Record<string, unknown> {
    if (!isMapping(value)) throw this.#wrong(where, 'it is not an object')
    return value
  }

  topic({ topic }: Record<string, unknown>, where: string): string {
    if (typeof topic === 'string' && topic !== '') return topic
    throw this.#wrong(`${where}.topic`, 'it names no topic')
  }

  topicPartition(line: Record<string, unknown>, where: string): TopicPartition {
    const { partition } = line
    if (!isId(partition)) throw this.#wrong(`${where}.partition`, 'it is not the number of a partition')
    return { topic: this.topic(line, where), partition }
  }

  integers(value: unknown, where: string): number[] {
    if (!Array.isArray(value) || value.length === 0) throw this.#wrong(where, 'it lists no brokers')
    for (const id of value)
      if (!isId(id)) throw this.#wrong(where, `${JSON.stringify(id)} is not the id of a broker`)
    if (new Set(value).size < value.length) throw this.#wrong(where, 'it names a broker twice')
    return value
  }

  logDirs(value: unknown, count: number, where: string): string[] | null {
    if (value === undefined || value === null) return null
    if (!Array.isArray(value) || value.length !== count) {
      throw this.#wrong(where, 'it has not one directory for each replica')
    }
    const isPath = (each: unknown) => typeof each === 'string' && each !== ''
    if (!value.every(isPath)) throw this.#wrong(where, 'a directory is a path, or "any"')
    return value
  }

  mustDiffer(items: readonly { readonly topic: string; readonly partition?: number }[]): void {
    const seen = new Set<string>()
    for (const { topic, partition } of items) {
      const item = partition === undefined ? topic : `${topic}:${partition}`
      if (seen.has(item)) throw this.#wrong(item, 'it is there twice')
      seen.add(item)
    }
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ''))
    } catch (cause) {
      throw this.#wrong(
        'the file',
        cause instanceof Error ? `it is no JSON: ${cause.message}` : 'it is no JSON',
      )
    }
  }

  #wrong(where: string, reason: string): DataError {
    return new DataError('malformed-json', `${this.#path}: ${where}: ${reason}`, {
      hint: 'docs/reassign.md shows the files that Kafka and ktool read',
      details: { path: this.#path, where },
    })
  }
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INT
}
