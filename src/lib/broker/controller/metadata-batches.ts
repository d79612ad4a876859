import {
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
} from '../../protocol/records/control-records.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import { controlRecordKey } from '../../records/control-record-type.ts'

/** Where a batch goes in the metadata log. */
export interface BatchPlace {
  readonly baseOffset: number
  readonly epoch: number
  readonly timestampMs: number
}

/** Records of the controller, each with what it is in front. */
export function metadataBatch(values: readonly Buffer[], place: BatchPlace): Buffer {
  const writer = writerAt(place, false)
  for (const value of values) writer.append({ timestamp: place.timestampMs, key: null, value })
  return writer.finish()
}

/** A record of the quorum itself. */
export interface QuorumRecord {
  readonly type: Parameters<typeof controlRecordKey>[0]
  readonly value: Buffer
}

/** Where a leader's epoch begins; in the very first one with what the quorum was formatted with. */
export function leaderChangeBatch(
  leaderId: number,
  place: BatchPlace,
  more: readonly QuorumRecord[] = [],
): Buffer {
  const voters = [{ voterId: leaderId }]
  const value = leaderChangeMessage.encodeFramed({ version: 0, leaderId, voters, grantingVoters: voters }, 0)
  return controlBatch([{ type: 'LEADER_CHANGE', value }, ...more], place)
}

/** And behind the header the voters, where the quorum keeps them in its log. */
export function snapshotHeaderBatch(
  lastContainedMs: number,
  place: BatchPlace,
  more: readonly QuorumRecord[] = [],
): Buffer {
  const fields = { version: 0, lastContainedLogTimestamp: BigInt(lastContainedMs) }
  const value = snapshotHeaderRecord.encodeFramed(fields, 0)
  return controlBatch([{ type: 'SNAPSHOT_HEADER', value }, ...more], place)
}

export function snapshotFooterBatch(place: BatchPlace): Buffer {
  const value = snapshotFooterRecord.encodeFramed({ version: 0 }, 0)
  return controlBatch([{ type: 'SNAPSHOT_FOOTER', value }], place)
}

function controlBatch(records: readonly QuorumRecord[], place: BatchPlace): Buffer {
  const writer = writerAt(place, true)
  for (const { type, value } of records) {
    writer.append({ timestamp: place.timestampMs, key: controlRecordKey(type), value })
  }
  return writer.finish()
}

function writerAt({ baseOffset, epoch }: BatchPlace, isControl: boolean): BatchWriter {
  return new BatchWriter({ baseOffset, partitionLeaderEpoch: epoch, isControl })
}
