import { DefaultRecordCursor } from '../../records/default-record-cursor.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import {
  AT_HAND,
  BASE_SEQUENCE,
  IS_ONE_TIME,
  LAST_END,
  LEFT,
  OFFSET_HIGH,
  OFFSET_LOW,
  READ,
  TIMESTAMP_HIGH,
  TIMESTAMP_LOW,
} from './kernels/run.ts'

const BILLION = 1_000_000_000
/** Offsets of a batch reach so far beyond its base. */
const LARGEST_BASE = Number.MAX_SAFE_INTEGER - 2 ** 31

/** Whether the kernel can go through what is left of the cursor's records by itself. */
export function isForRun(batch: RecordBatch, cursor: RecordCursor): cursor is DefaultRecordCursor {
  if (!(cursor instanceof DefaultRecordCursor) || batch.isControl || cursor.left === 0) return false
  return isPlain(cursor.baseOffset) && isPlain(cursor.baseTimestamp)
}

function isPlain(value: number | bigint): boolean {
  return value >= 0 && value <= LARGEST_BASE
}

/** Lays out for the kernel what all records of a batch have in common. */
export function startRun(run: Int32Array, cursor: DefaultRecordCursor): void {
  const { baseOffset, baseTimestamp, isOneTime, baseSequence, position, end, left } = cursor
  run[READ] = position
  run[AT_HAND] = position
  run[LAST_END] = end
  run[LEFT] = left
  run[OFFSET_HIGH] = Math.floor(Number(baseOffset) / BILLION)
  run[OFFSET_LOW] = Number(baseOffset) % BILLION
  run[TIMESTAMP_HIGH] = Math.floor(Number(baseTimestamp) / BILLION)
  run[TIMESTAMP_LOW] = Number(baseTimestamp) % BILLION
  run[IS_ONE_TIME] = isOneTime ? 1 : 0
  run[BASE_SEQUENCE] = baseSequence
}
