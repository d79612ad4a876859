import { DataError } from '../../errors.ts'
import type { NewTopic } from '../../model/topics-changer.ts'
import { isMapping } from '../../values/mappings.ts'

/** A topic as a file wants it. */
export interface TopicWish {
  readonly topic: string
  /** As they are, or as the broker likes, where nothing is said. */
  readonly partitions: number | null
  readonly replicationFactor: number | null
  readonly assignment: readonly (readonly number[])[] | null
  /** Null unsets one; those that are not named stay as they are. */
  readonly configs: Readonly<Record<string, string | null>>
}

const known = ['topic', 'partitions', 'replicationFactor', 'assignment', 'configs']
const MAX_COUNT = 2 ** 31 - 1
const MAX_TOPICS = 100_000

/** `{topics: […]}`, a list of topics, or one topic; what YAML and JSON have in common. */
export function readTopics(document: unknown, from: string): TopicWish[] {
  const listed = isMapping(document) && 'topics' in document ? document.topics : document
  if (isMapping(document) && 'topics' in document) mustBeKnown(document, ['topics', 'version'], from)
  const topics = Array.isArray(listed) ? listed : [listed]
  if (topics.length > MAX_TOPICS) throw malformed(from, `it has more than ${MAX_TOPICS} topics`)
  const wishes = topics.map((topic, i) => wishOf(topic, `${from}, topic ${i + 1}`))
  const names = new Set<string>()
  for (const { topic } of wishes) {
    if (names.has(topic)) throw malformed(from, `it has "${topic}" twice`)
    names.add(topic)
  }
  return wishes
}

/** What is to be made where there is none; brokers choose what was left open. */
export function newTopicOfWish({
  topic,
  partitions,
  replicationFactor,
  assignment,
  configs,
}: TopicWish): NewTopic {
  const set = Object.entries(configs).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
  return {
    topic,
    partitions: assignment?.length ?? partitions ?? -1,
    replicationFactor: assignment?.[0]?.length ?? replicationFactor ?? -1,
    assignment,
    configs: Object.fromEntries(set),
  }
}

function wishOf(value: unknown, at: string): TopicWish {
  if (!isMapping(value)) throw malformed(at, 'it is no mapping with a key `topic`')
  mustBeKnown(value, known, at)
  const { topic, partitions, replicationFactor, assignment, configs } = value
  if (typeof topic !== 'string' || topic === '') throw malformed(at, '`topic` is no name')
  const where = `${at} ("${topic}")`
  return {
    topic,
    partitions: countOf(partitions, 'partitions', where),
    replicationFactor: countOf(replicationFactor, 'replicationFactor', where),
    assignment: assignmentOf(assignment, where),
    configs: configsOf(configs, where),
  }
}

function countOf(value: unknown, key: string, at: string): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_COUNT) return value
  throw malformed(at, `\`${key}\` is no number of at least 1`)
}

function assignmentOf(value: unknown, at: string): number[][] | null {
  if (value === undefined || value === null) return null
  const isBroker = (id: unknown) =>
    typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MAX_COUNT
  const isList = (list: unknown) => Array.isArray(list) && list.length > 0 && list.every(isBroker)
  if (Array.isArray(value) && value.length > 0 && value.every(isList)) return value
  throw malformed(at, '`assignment` is no list with a list of broker ids for each partition')
}

function configsOf(value: unknown, at: string): Record<string, string | null> {
  if (value === undefined || value === null) return {}
  if (!isMapping(value)) throw malformed(at, '`configs` is no mapping')
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, configOf(name, each, at)]))
}

/** YAML reads 604800000 as a number, and true as a truth. */
function configOf(name: string, value: unknown, at: string): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(',')
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value)
    throw malformed(at, `${name} loses digits as a number: put it in quotes`)
  }
  throw malformed(at, `the value of ${name} is no text, number, truth, or list of texts`)
}

/** A key with a slip in it would be obeyed by doing nothing. */
function mustBeKnown(value: Record<string, unknown>, keys: readonly string[], at: string): void {
  const strange = Object.keys(value).find((key) => !keys.includes(key))
  if (strange !== undefined) throw malformed(at, `"${strange}" is none of ${keys.join(', ')}`)
}

function malformed(at: string, reason: string): DataError {
  return new DataError('malformed-topics', `${at}: ${reason}`, {
    hint: 'a topic has topic, partitions, replicationFactor and configs; ktool topics apply --help shows a file',
  })
}
