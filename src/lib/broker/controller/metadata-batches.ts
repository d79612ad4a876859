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

/** Where a leader's epoch begins. A quorum whose voters stand in configuration names them without directories. */
export function leaderChangeBatch(leaderId: number, place: BatchPlace): Buffer {
  const voters = [{ voterId: leaderId }]
  const value = leaderChangeMessage.encodeFramed({ version: 0, leaderId, voters, grantingVoters: voters }, 0)
  return controlBatch('LEADER_CHANGE', value, place)
}

export function snapshotHeaderBatch(lastContainedMs: number, place: BatchPlace): Buffer {
  const fields = { version: 0, lastContainedLogTimestamp: BigInt(lastContainedMs) }
  return controlBatch('SNAPSHOT_HEADER', snapshotHeaderRecord.encodeFramed(fields, 0), place)
}

export function snapshotFooterBatch(place: BatchPlace): Buffer {
  return controlBatch('SNAPSHOT_FOOTER', snapshotFooterRecord.encodeFramed({ version: 0 }, 0), place)
}

type ControlType = Parameters<typeof controlRecordKey>[0]

function controlBatch(type: ControlType, value: Buffer, place: BatchPlace): Buffer {
  const writer = writerAt(place, true)
  writer.append({ timestamp: place.timestampMs, key: controlRecordKey(type), value })
  return writer.finish()
}

function writerAt({ baseOffset, epoch }: BatchPlace, isControl: boolean): BatchWriter {
  return new BatchWriter({ baseOffset, partitionLeaderEpoch: epoch, isControl })
}
