import type { BrokerOptions } from '../broker/broker.ts'
import { UsageError } from '../errors.ts'

export type TopicWish = NonNullable<BrokerOptions['topics']>[number]

/** Kafka's: as many partitions as `num.partitions` says. */
export const BY_DEFAULT = -1
const MAX_PARTITIONS = 100_000
/** Topics are folders, and `-partition` has to fit in behind their names. */
const MAX_NAME_LENGTH = 249
const WISH = /^([^:]*)(?::(\d{1,9}))?$/

/** `orders:3`, or `orders`. */
export function parseTopicWish(text: string): TopicWish {
  const [, name, digits] = WISH.exec(text) ?? []
  if (name === undefined) throw invalid(text, 'a topic is written like orders:3')
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    throw invalid(text, 'a name has letters, digits, dots, underscores and hyphens')
  }
  if (name === '.' || name === '..' || name.length > MAX_NAME_LENGTH) {
    throw invalid(text, `a name is not . or .., and has at most ${MAX_NAME_LENGTH} characters`)
  }
  const partitions = digits === undefined ? BY_DEFAULT : Number(digits)
  if (partitions === 0 || partitions > MAX_PARTITIONS) {
    throw invalid(text, `a topic has from 1 to ${MAX_PARTITIONS} partitions`)
  }
  return { name, partitions }
}

function invalid(text: string, hint: string): UsageError {
  return new UsageError('invalid-topic', `"${text}" is no topic to make`, { hint })
}
