import { UsageError } from '../../errors.ts'
import { metadataTopic } from '../cluster/metadata-log.ts'

/** The settings of a topic that decide what becomes of its segments. */
export interface TopicSettings {
  /** Null where time and size decide; else, behind the name of a segment, why they do not. */
  readonly spared: string | null
  readonly isCompacted: boolean
  /** −1 is for ever. */
  readonly retentionMs: number
  /** −1 is without limit. */
  readonly retentionBytes: number
  /** The longest span of time in a segment; −1 in the metadata log, which goes by settings of its own. */
  readonly rollMs: number
  readonly minCleanableDirtyRatio: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  /** Each setting as it is written, and who says so. */
  readonly sources: { readonly [key: string]: Setting }
}

export type Setting = {
  readonly value: string
  readonly from: 'flag' | 'topic' | 'broker' | 'default'
}

/** What is known of the settings, the nearest first. */
export interface KnownSettings {
  readonly flags: ReadonlyMap<string, string>
  readonly topic: ReadonlyMap<string, string>
  /** Dynamic settings of the brokers, by their own names. */
  readonly brokers: readonly ReadonlyMap<string, string>[]
}

type Key = keyof typeof defaults

/** Those of the cleaner alone. */
export const cleanerKeys: ReadonlySet<string> = new Set([
  'min.cleanable.dirty.ratio',
  'min.compaction.lag.ms',
  'max.compaction.lag.ms',
])
const defaults = {
  'cleanup.policy': 'delete',
  'retention.ms': '604800000',
  'retention.bytes': '-1',
  'segment.ms': '604800000',
  'min.cleanable.dirty.ratio': '0.5',
  'min.compaction.lag.ms': '0',
  'max.compaction.lag.ms': '9223372036854775807',
} as const
export const settingKeys: readonly string[] = Object.keys(defaults)

/** What a broker calls its default of each. */
const brokerKeys: Record<Key, string> = {
  'cleanup.policy': 'log.cleanup.policy',
  'retention.ms': 'log.retention.ms',
  'retention.bytes': 'log.retention.bytes',
  'segment.ms': 'log.roll.ms',
  'min.cleanable.dirty.ratio': 'log.cleaner.min.cleanable.ratio',
  'min.compaction.lag.ms': 'log.cleaner.min.compaction.lag.ms',
  'max.compaction.lag.ms': 'log.cleaner.max.compaction.lag.ms',
}

/** Brokers create these topics with settings of their own. */
const internalTopics: ReadonlyMap<string, Partial<Record<Key, string>>> = new Map([
  ['__consumer_offsets', { 'cleanup.policy': 'compact' }],
  ['__transaction_state', { 'cleanup.policy': 'compact' }],
  ['__share_group_state', { 'retention.ms': '-1' }],
])

export function settingsOf(topic: string, known: KnownSettings): TopicSettings {
  const sources: Record<string, Setting> = {}
  for (const key of settingKeys) sources[key] = settingOf(topic, key as Key, known)
  const number = (key: Key) => numberOf(key, sources[key]?.value ?? '')
  const policies = (sources['cleanup.policy']?.value ?? '').split(',').map((policy) => policy.trim())
  return {
    spared: sparedOf(topic, policies),
    isCompacted: topic !== metadataTopic && policies.includes('compact'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    rollMs: rollOf(topic, policies, number),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    sources,
  }
}

function sparedOf(topic: string, policies: readonly string[]): string | null {
  if (topic === metadataTopic) {
    return 'is kept until a snapshot covers it and the log start moves on, as metadata.max.retention.* have it'
  }
  if (policies.includes('delete')) return null
  return `is not deleted by time or size: cleanup.policy is ${policies.join(',') || 'empty'}`
}

/** What has to be compacted in time must not stay in an active segment for longer. */
function rollOf(topic: string, policies: readonly string[], number: (key: Key) => number): number {
  if (topic === metadataTopic) return -1
  const lagMs = policies.includes('compact') ? number('max.compaction.lag.ms') : Infinity
  return Math.min(number('segment.ms'), lagMs)
}

/** `retention.ms=3600000`, as often as it is given. */
export function parseSettings(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(text) ?? []
      if (!settingKeys.includes(key)) throw unknownSetting(text)
      if (key !== 'cleanup.policy') numberOf(key, value)
      else if (!/^(delete|compact)(,(delete|compact))*$|^$/.test(value)) throw notAValue(key, value)
      return [key, value] as const
    }),
  )
}

function settingOf(topic: string, key: Key, { flags, topic: ofTopic, brokers }: KnownSettings): Setting {
  const ofFlag = flags.get(key)
  if (ofFlag !== undefined) return { value: ofFlag, from: 'flag' }
  const own = ofTopic.get(key)
  if (own !== undefined) return { value: own, from: 'topic' }
  const ofBroker = brokers.map((broker) => broker.get(brokerKeys[key])).find((value) => value !== undefined)
  if (ofBroker !== undefined) return { value: ofBroker, from: 'broker' }
  return { value: internalTopics.get(topic)?.[key] ?? defaults[key], from: 'default' }
}

function numberOf(key: string, text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  throw notAValue(key, text)
}

function notAValue(key: string, text: string): UsageError {
  const wanted = key === 'cleanup.policy' ? 'delete, compact or both' : 'a number, as Kafka writes it'
  return new UsageError('invalid-config', `"${text}" is no value of ${key}`, { hint: `it takes ${wanted}` })
}

function unknownSetting(text: string): UsageError {
  return new UsageError('invalid-config', `"${text}" is no setting that decides what becomes of a segment`, {
    hint: `KEY=VALUE, where KEY is one of ${settingKeys.join(', ')}`,
  })
}
