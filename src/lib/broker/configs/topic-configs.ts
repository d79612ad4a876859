import { BugError } from '../../errors.ts'
import { type ConfigValue, REQUIRED } from './config-definition.ts'
import { brokerNamesOfTopic, synonymsOf } from './config-synonyms.ts'
import { asNumber, parseConfig, readConfig } from './config-types.ts'
import { knownConfigs } from './known-configs.ts'

/** The settings of a topic that its log and its partitions obey. */
export interface TopicConfigs {
  readonly cleanupPolicy: ReadonlySet<'compact' | 'delete'>
  readonly compressionType: 'producer' | 'uncompressed' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly compressionLevel: number | null
  readonly maxMessageBytes: number
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  readonly minInsyncReplicas: number
  readonly retentionMs: number
  readonly retentionBytes: number
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly minCleanableDirtyRatio: number
  readonly deleteRetentionMs: number
  readonly fileDeleteDelayMs: number
  readonly preallocate: boolean
  /** By messages and by time, beyond the broker's own flush policy; Number.MAX_SAFE_INTEGER: never. */
  readonly flushMessages: number
  readonly flushMs: number
}

/** What a broker's settings tell a topic. */
export interface BrokerDefaults {
  value(name: string): ConfigValue
  timeMs(name: string): bigint
}

export function topicConfigsOf(broker: BrokerDefaults, own: ReadonlyMap<string, string>): TopicConfigs {
  const value = (name: string): ConfigValue => ownValue(name, own) ?? brokerValue(broker, name)
  const number = (name: string): number => asNumber(BigInt(value(name) as number | bigint))
  const compressionType = value('compression.type') as TopicConfigs['compressionType']
  return {
    cleanupPolicy: new Set(value('cleanup.policy') as readonly ('compact' | 'delete')[]),
    compressionType,
    compressionLevel: levelOf(compressionType, number),
    maxMessageBytes: number('max.message.bytes'),
    messageTimestampType: value('message.timestamp.type') as TopicConfigs['messageTimestampType'],
    messageTimestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    minInsyncReplicas: number('min.insync.replicas'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    segmentBytes: asSegmentBytes(own) ?? number('segment.bytes'),
    segmentMs: number('segment.ms'),
    segmentJitterMs: number('segment.jitter.ms'),
    segmentIndexBytes: number('segment.index.bytes'),
    indexIntervalBytes: number('index.interval.bytes'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    minCleanableDirtyRatio: value('min.cleanable.dirty.ratio') as number,
    deleteRetentionMs: number('delete.retention.ms'),
    fileDeleteDelayMs: number('file.delete.delay.ms'),
    preallocate: value('preallocate') as boolean,
    flushMessages: number('flush.messages'),
    flushMs: number('flush.ms'),
  }
}

/** What the broker says of a topic's setting; in the type of that, which is a long where the broker's is hours. */
export function brokerValue(broker: BrokerDefaults, name: string): ConfigValue {
  const brokerName = brokerNamesOfTopic.get(name)
  if (brokerName === undefined) return defaultOf(name)
  if (synonymsOf(brokerName).length === 1) return broker.value(brokerName)
  const timeMs = broker.timeMs(brokerName)
  // Any negative number of hours or minutes is for ever
  return brokerName === 'log.retention.ms' && timeMs < 0n ? -1n : timeMs
}

/** A value that a newer Kafka took and this one cannot read counts as not set: a log must open all the same. */
function ownValue(name: string, own: ReadonlyMap<string, string>): ConfigValue {
  const text = own.get(name)
  const definition = knownConfigs.topic.get(name)
  if (text === undefined || definition === undefined) return null
  return readConfig(definition, text) ?? null
}

/** Kafka's own tests make segments that are smaller than users may. */
function asSegmentBytes(own: ReadonlyMap<string, string>): number | null {
  const value = ownValue('internal.segment.bytes', own)
  return typeof value === 'number' ? value : null
}

function defaultOf(name: string): ConfigValue {
  const definition = knownConfigs.topic.get(name)
  if (definition === undefined) throw new BugError('config-unknown', `Kafka knows no setting ${name}`)
  if (definition.default === REQUIRED || definition.default === null) return null
  return parseConfig(definition, definition.default)
}

function levelOf(type: TopicConfigs['compressionType'], number: (name: string) => number): number | null {
  if (type !== 'gzip' && type !== 'lz4' && type !== 'zstd') return null
  const level = number(`compression.${type}.level`)
  return type === 'gzip' && level === -1 ? null : level
}
