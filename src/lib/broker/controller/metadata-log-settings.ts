import type { LogSettings } from '../../log/write/partition-log.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'

/** Of the metadata log: what is old goes with the snapshots that stand for it, and not by retention. */
export function metadataLogSettings(configs: BrokerConfigs): LogSettings {
  return {
    segmentBytes: configs.int('metadata.log.segment.bytes'),
    segmentMs: configs.long('metadata.log.segment.ms'),
    segmentJitterMs: 0,
    segmentIndexBytes: 10 * 1024 * 1024,
    indexIntervalBytes: 4096,
    preallocate: false,
    fileDeleteDelayMs: 60_000,
    retentionMs: -1,
    retentionBytes: -1,
    maxMessageBytes: 8 * 1024 * 1024,
    minCompactionLagMs: 0,
    maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
    minCleanableDirtyRatio: 0.5,
    deleteRetentionMs: 86_400_000,
    cleanupPolicy: new Set(['delete']),
  }
}
