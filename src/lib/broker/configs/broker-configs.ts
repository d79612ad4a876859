/**
 * The settings of a node: what the command line or server.properties said, over Kafka's defaults, under what was
 * set dynamically of the broker. Names are Kafka's own (`num.partitions`); asking for a name that has no
 * definition, or by the wrong type, is a bug. Always ask anew: an alteration takes effect at once.
 */
export interface BrokerConfigs {
  int(name: string): number
  long(name: string): number
  boolean(name: string): boolean
  string(name: string): string
  list(name: string): readonly string[]
  /** Null where it is not set and has no default. */
  optional(name: string): string | null
  /** The settings of a topic: what was set of it, over those of the broker. The same object until one changes. */
  topic(name: string): TopicConfigs
  /** Runs after each alteration of the settings of a topic, or (null) of the broker. */
  onChange(run: (topic: string | null) => void): void
}

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
  readonly maxCompactionLagMs: number
  readonly fileDeleteDelayMs: number
  readonly preallocate: boolean
  /** By messages and by time, beyond the broker's own flush policy; Number.MAX_SAFE_INTEGER: never. */
  readonly flushMessages: number
  readonly flushMs: number
}
