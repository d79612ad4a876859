import { baseNameOf } from './known-configs.ts'

/** What a broker calls its default of a topic's setting. A topic's setting that is not here has no such default. */
export const brokerNamesOfTopic: ReadonlyMap<string, string> = new Map([
  ['segment.bytes', 'log.segment.bytes'],
  ['segment.ms', 'log.roll.ms'],
  ['segment.jitter.ms', 'log.roll.jitter.ms'],
  ['segment.index.bytes', 'log.index.size.max.bytes'],
  ['flush.messages', 'log.flush.interval.messages'],
  ['flush.ms', 'log.flush.interval.ms'],
  ['retention.bytes', 'log.retention.bytes'],
  ['retention.ms', 'log.retention.ms'],
  ['max.message.bytes', 'message.max.bytes'],
  ['index.interval.bytes', 'log.index.interval.bytes'],
  ['delete.retention.ms', 'log.cleaner.delete.retention.ms'],
  ['min.compaction.lag.ms', 'log.cleaner.min.compaction.lag.ms'],
  ['max.compaction.lag.ms', 'log.cleaner.max.compaction.lag.ms'],
  ['file.delete.delay.ms', 'log.segment.delete.delay.ms'],
  ['min.cleanable.dirty.ratio', 'log.cleaner.min.cleanable.ratio'],
  ['cleanup.policy', 'log.cleanup.policy'],
  ['unclean.leader.election.enable', 'unclean.leader.election.enable'],
  ['min.insync.replicas', 'min.insync.replicas'],
  ['compression.type', 'compression.type'],
  ['compression.gzip.level', 'compression.gzip.level'],
  ['compression.lz4.level', 'compression.lz4.level'],
  ['compression.zstd.level', 'compression.zstd.level'],
  ['preallocate', 'log.preallocate'],
  ['message.timestamp.type', 'log.message.timestamp.type'],
  ['message.timestamp.before.max.ms', 'log.message.timestamp.before.max.ms'],
  ['message.timestamp.after.max.ms', 'log.message.timestamp.after.max.ms'],
  ['local.retention.ms', 'log.local.retention.ms'],
  ['local.retention.bytes', 'log.local.retention.bytes'],
])

/** What a broker calls its default of a group's setting. */
export const brokerNamesOfGroup: ReadonlyMap<string, string> = new Map(
  [
    'consumer.session.timeout.ms',
    'consumer.heartbeat.interval.ms',
    'consumer.assignment.interval.ms',
    'share.session.timeout.ms',
    'share.heartbeat.interval.ms',
    'share.record.lock.duration.ms',
    'share.delivery.count.limit',
    'share.partition.max.record.locks',
    'share.assignment.interval.ms',
    'streams.session.timeout.ms',
    'streams.heartbeat.interval.ms',
    'streams.num.standby.replicas',
    'streams.initial.rebalance.delay.ms',
    'streams.assignment.interval.ms',
  ].map((name) => [name, `group.${name}`]),
)

export interface Synonym {
  readonly name: string
  /** Milliseconds in one of its units. */
  readonly unitMs: number
}

const HOUR_MS = 3_600_000
const roll: readonly Synonym[] = [
  { name: 'log.roll.ms', unitMs: 1 },
  { name: 'log.roll.hours', unitMs: HOUR_MS },
]
const rollJitter: readonly Synonym[] = [
  { name: 'log.roll.jitter.ms', unitMs: 1 },
  { name: 'log.roll.jitter.hours', unitMs: HOUR_MS },
]
const retention: readonly Synonym[] = [
  { name: 'log.retention.ms', unitMs: 1 },
  { name: 'log.retention.minutes', unitMs: 60_000 },
  { name: 'log.retention.hours', unitMs: HOUR_MS },
]
const flush: readonly Synonym[] = [
  { name: 'log.flush.interval.ms', unitMs: 1 },
  { name: 'log.flush.scheduler.interval.ms', unitMs: 1 },
]

const families: ReadonlyMap<string, readonly Synonym[]> = new Map(
  [roll, rollJitter, retention].flatMap((family) => family.map(({ name }) => [name, family])),
)

/** Names for the same thing, the one that wins first. */
export function synonymsOf(name: string): readonly Synonym[] {
  // The scheduler's own interval is no other name of flush.ms: it only stands in for it
  if (name === 'log.flush.interval.ms') return flush
  const base = baseNameOf(name)
  if (base !== name) return [name, base].map((each) => ({ name: each, unitMs: 1 }))
  return families.get(name) ?? [{ name, unitMs: 1 }]
}

/** Names that count for nothing at the start of a broker once this one is set while it runs. */
export function rivalsOf(name: string): readonly string[] {
  if (flush.some((synonym) => synonym.name === name)) return flush.map((synonym) => synonym.name)
  return families.get(name)?.map((synonym) => synonym.name) ?? []
}
