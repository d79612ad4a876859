import {
  clusterMetadataRecords,
  consumerOffsetsRecords,
  remoteLogMetadataRecords,
  shareStateRecords,
  transactionStateRecords,
} from '../../protocol/log-records.ts'
import { type CoordinatorLog, coordinatorLog, decodeCoordinatorRecord } from './coordinator-record.ts'
import type { DecodeOptions, InternalRecord } from './internal-record.ts'
import { decodeMetadataRecord, type MetadataLog, metadataLog } from './metadata-record.ts'

type InternalLog = CoordinatorLog | MetadataLog

/** Kafka's own topics, by the names that they have in every cluster. */
const logs: ReadonlyMap<string, () => InternalLog> = new Map<string, () => InternalLog>([
  ['__consumer_offsets', () => coordinatorLog(consumerOffsetsRecords)],
  ['__transaction_state', () => coordinatorLog(transactionStateRecords)],
  ['__share_group_state', () => coordinatorLog(shareStateRecords)],
  ['__cluster_metadata', () => metadataLog(clusterMetadataRecords)],
  ['__remote_log_metadata', () => metadataLog(remoteLogMetadataRecords)],
])

export const internalTopics: readonly string[] = [...logs.keys()]

export type InternalDecoder = (key: Buffer | null, value: Buffer | null) => InternalRecord

/** For the records of one topic; nothing where the topic is not one of Kafka's own. */
export function internalDecoder(
  topic: string | null,
  options: DecodeOptions = { reveal: false },
): InternalDecoder | undefined {
  const log = topic === null ? undefined : logs.get(topic)?.()
  if (log === undefined) return undefined
  if (log.kind === 'metadata') return (_key, value) => decodeMetadataRecord(log, value, options)
  return (key, value) => decodeCoordinatorRecord(log, key, value)
}

/** One data record of one of Kafka's own topics; control records are `decodeControlRecord`'s. */
export function decodeInternalRecord(
  topic: string,
  key: Buffer | null,
  value: Buffer | null,
  options: DecodeOptions = { reveal: false },
): InternalRecord | undefined {
  return internalDecoder(topic, options)?.(key, value)
}
