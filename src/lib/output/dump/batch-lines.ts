import type { RecordBatch } from '../../records/record-batch.ts'
import { jsonLine } from '../json.ts'
import type { DumpedFile, FactsOfBatch } from './dump-view.ts'
import type { LineBytes } from './line-bytes.ts'

/** Numbers, names of fields and flags of a line; what a file is called and what is wrong with it is more. */
const LINE_BYTES = 1024

const labels = {
  baseOffset: Buffer.from(',"baseOffset":'),
  lastOffset: Buffer.from(',"lastOffset":'),
  count: Buffer.from(',"count":'),
  magic: Buffer.from(',"magic":'),
  codec: Buffer.from(',"codec":'),
  timestampType: Buffer.from(',"timestampType":'),
  baseTimestamp: Buffer.from(',"baseTimestamp":'),
  maxTimestamp: Buffer.from(',"maxTimestamp":'),
  producerId: Buffer.from(',"producerId":'),
  producerEpoch: Buffer.from(',"producerEpoch":'),
  baseSequence: Buffer.from(',"baseSequence":'),
  isTransactional: Buffer.from(',"isTransactional":'),
  isControl: Buffer.from(',"isControl":'),
  deleteHorizonMs: Buffer.from(',"deleteHorizonMs":'),
  partitionLeaderEpoch: Buffer.from(',"partitionLeaderEpoch":'),
  position: Buffer.from(',"position":'),
  size: Buffer.from(',"size":'),
  crc: Buffer.from(',"crc":'),
  valid: Buffer.from(',"valid":'),
  end: Buffer.from('}\n'),
}

/**
 * The rows of batches as lines of JSON, put together by hand: a log of small batches has very many. What
 * a `BatchRow` has under its names stands here in the same order.
 */
export class BatchLines {
  readonly #lines: LineBytes
  readonly #words = new Map<string | number | boolean | null, Buffer>()
  #file: DumpedFile | undefined
  #head: Buffer = Buffer.alloc(0)

  /** Lines to be written behind each other to the same bytes. */
  constructor(lines: LineBytes) {
    this.#lines = lines
  }

  /** How many bytes a line may take. */
  roomFor(file: DumpedFile, { recordsError }: FactsOfBatch): number {
    // A character of JSON is at most six bytes, as an escape.
    return LINE_BYTES + this.#headOf(file).length + (recordsError?.length ?? 0) * 6
  }

  add(file: DumpedFile, batch: RecordBatch, facts: FactsOfBatch): void {
    const lines = this.#lines
    lines.raw(this.#headOf(file))
    this.#int64(labels.baseOffset, facts.baseOffset)
    this.#int64(labels.lastOffset, batch.lastOffset)
    this.#int64(labels.count, facts.count)
    this.#int64(labels.magic, batch.magic)
    this.#word(labels.codec, batch.codec)
    this.#word(labels.timestampType, batch.timestampType)
    this.#int64(labels.baseTimestamp, facts.baseTimestamp)
    this.#int64(labels.maxTimestamp, batch.maxTimestamp)
    this.#int64(labels.producerId, batch.producerId)
    this.#int64(labels.producerEpoch, batch.producerEpoch)
    this.#int64(labels.baseSequence, batch.baseSequence)
    this.#word(labels.isTransactional, batch.isTransactional)
    this.#word(labels.isControl, batch.isControl)
    const { deleteHorizonMs } = batch
    if (deleteHorizonMs === null) this.#word(labels.deleteHorizonMs, null)
    else this.#int64(labels.deleteHorizonMs, deleteHorizonMs)
    this.#int64(labels.partitionLeaderEpoch, batch.partitionLeaderEpoch)
    this.#int64(labels.position, batch.position)
    this.#int64(labels.size, batch.sizeBytes)
    this.#int64(labels.crc, batch.crc)
    this.#word(labels.valid, facts.valid)
    if (facts.recordsError !== null) lines.text(`,"recordsError":${jsonLine(facts.recordsError)}`)
    lines.raw(labels.end)
  }

  #headOf(file: DumpedFile): Buffer {
    if (file !== this.#file) {
      const { topic, partition, file: path } = file
      this.#head = Buffer.from(jsonLine({ kind: 'batch', topic, partition, file: path }).slice(0, -1))
      this.#file = file
    }
    return this.#head
  }

  #int64(label: Buffer, value: number | bigint): void {
    this.#lines.raw(label)
    this.#lines.int64(value)
  }

  /** One of a few values that come again and again. */
  #word(label: Buffer, value: string | number | boolean | null): void {
    let bytes = this.#words.get(value)
    if (bytes === undefined) {
      bytes = Buffer.from(jsonLine(value))
      this.#words.set(value, bytes)
    }
    this.#lines.raw(label)
    this.#lines.raw(bytes)
  }
}
