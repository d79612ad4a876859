import type { RecordBatch } from '../../records/record-batch.ts'
import { column, type Shape } from '../shape.ts'
import type { DumpedFile, FactsOfBatch } from './dump-view.ts'

/** A batch as its header has it, under the names of Kafka's own classes. */
export interface BatchRow {
  readonly kind: 'batch'
  readonly topic: string | null
  readonly partition: number | null
  readonly file: string
  readonly baseOffset: number | bigint
  readonly lastOffset: number | bigint
  readonly count: number
  readonly magic: number
  readonly codec: string | number
  readonly timestampType: string
  readonly baseTimestamp: number | bigint
  readonly maxTimestamp: number | bigint
  readonly producerId: number | bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly deleteHorizonMs: number | bigint | null
  readonly partitionLeaderEpoch: number
  readonly position: number
  readonly size: number
  readonly crc: number
  readonly valid: boolean
  readonly recordsError?: string
}

const aside = { isInTable: false } as const

export const batchShape: Shape<BatchRow> = {
  version: 1,
  columns: [
    column('kind', aside),
    column('topic', aside),
    column('partition', { ...aside, kind: 'number' }),
    column('file', aside),
    column('baseOffset', { kind: 'number' }),
    column('lastOffset', { kind: 'number' }),
    column('count', { kind: 'number' }),
    column('magic', { isSpare: true, kind: 'number' }),
    column('codec'),
    column('timestampType', aside),
    column('baseTimestamp', { ...aside, kind: 'moment' }),
    column('maxTimestamp', { kind: 'moment' }),
    column('producerId', { isSpare: true, kind: 'number' }),
    column('producerEpoch', { ...aside, kind: 'number' }),
    column('baseSequence', { ...aside, kind: 'number' }),
    column('isTransactional', { isSpare: true, header: 'TRANSACTIONAL' }),
    column('isControl', { isSpare: true, header: 'CONTROL' }),
    column('deleteHorizonMs', { ...aside, kind: 'moment' }),
    column('partitionLeaderEpoch', { isSpare: true, header: 'LEADER EPOCH', kind: 'number' }),
    column('position', { kind: 'number' }),
    column('size', { kind: 'size' }),
    column('crc', { ...aside, kind: 'number' }),
    column('valid', { colour: ({ valid }) => (valid === false ? 'red' : undefined) }),
    column('recordsError', { ...aside, isOptional: true, header: 'RECORDS ERROR' }),
  ],
}

export function batchRow(of: DumpedFile, batch: RecordBatch, facts: FactsOfBatch): BatchRow {
  const { baseOffset, count, baseTimestamp, valid, recordsError } = facts
  return {
    kind: 'batch',
    topic: of.topic,
    partition: of.partition,
    file: of.file,
    baseOffset,
    lastOffset: batch.lastOffset,
    count,
    magic: batch.magic,
    codec: batch.codec,
    timestampType: batch.timestampType,
    baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    deleteHorizonMs: batch.deleteHorizonMs,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    position: batch.position,
    size: batch.sizeBytes,
    crc: batch.crc,
    valid,
    ...(recordsError === null ? {} : { recordsError }),
  }
}
