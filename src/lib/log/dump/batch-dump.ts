import { CheckFailed, DataError } from '../../errors.ts'
import type { Damage } from '../../records/damage.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { decodeControlRecord } from '../internal/control-record.ts'
import { type InternalDecoder, internalDecoder } from '../internal/decode-internal-record.ts'
import type { InternalRecord } from '../internal/internal-record.ts'
import type { Scanned, ScannedBatch } from '../scan/scanned.ts'
import { headerFacts, type OpenedBatch, openBatch } from './batch-facts.ts'
import type { DumpInput, InputFailure } from './dump-input.ts'
import { isInRange, needsRecord, overlapOf } from './dump-range.ts'
import type { DamageFound, DumpSink } from './dump-sink.ts'
import type { DumpWish } from './dump-wish.ts'
import type { LogSource } from './log-source.ts'

/** What is told in words; all of it is in the lines. */
const MOST_FINDINGS = 5

/** Takes what a scan of one log finds, and tells the sink what of it is wanted. */
export class BatchDump {
  /** Behind what was taken last. */
  position = 0
  left: number
  readonly notes: string[] = []
  readonly #input: DumpInput
  readonly #wish: DumpWish
  readonly #sink: DumpSink
  readonly #decode: InternalDecoder | undefined
  #damageCount = 0
  #unreadBytes = 0
  readonly #findings: string[] = []
  #batchCount = 0

  constructor(input: DumpInput, wish: DumpWish, sink: DumpSink, left: number) {
    this.#input = input
    this.#wish = wish
    this.#sink = sink
    this.left = left
    // Secrets are covered also where nobody wants to see the records decoded.
    this.#decode = internalDecoder(input.topic, { reveal: wish.reveal })
  }

  take(found: Scanned, source: Pick<LogSource, 'isGrowing' | 'isOpenEnded'>): void {
    if (found.kind === 'gap') {
      this.position = found.damage.position + found.damage.sizeBytes
      this.#gap(found.damage, source)
      return
    }
    const { batch } = found
    this.#batchCount++
    this.position = batch.position + batch.sizeBytes
    const overlap = overlapOf(batch, this.#wish.range)
    if (overlap === 'none') return
    if (overlap === 'whole' && found.damage === null) this.#plain(batch)
    else this.#withCare(found)
  }

  /** Whether nothing has to be known of it but its records, and somebody takes it whole. */
  isForLane(found: Scanned): found is ScannedBatch {
    if (this.#sink.lane === undefined || found.kind === 'gap' || found.damage !== null) return false
    const { batches, records, range } = this.#wish
    const isPlain = records && !batches && this.#isPlain
    return isPlain && overlapOf(found.batch, range) === 'whole' && this.#sink.lane.isFor(found.batch)
  }

  /** Records are neither decoded nor counted. */
  get #isPlain(): boolean {
    return this.#decode === undefined && this.left === Number.POSITIVE_INFINITY
  }

  hasRoomInLane({ batch }: ScannedBatch): boolean {
    return this.#sink.lane?.hasRoomFor(batch) === true
  }

  intoLane({ batch }: ScannedBatch): void {
    this.#batchCount++
    this.position = batch.position + batch.sizeBytes
    this.#sink.lane?.put(this.#input, batch)
  }

  /** What to say when all is done: the damage, as the failure of this input. */
  failures(): InputFailure[] {
    if (this.#damageCount === 0) return []
    const { file } = this.#input
    const places = this.#damageCount === 1 ? 'one place is' : `${this.#damageCount} places are`
    const more = this.#damageCount - this.#findings.length
    const findings = [...this.#findings, ...(more > 0 ? [`${more} more`] : [])].join('; ')
    const lost = this.#unreadBytes === 0 ? '' : `. ${this.#unreadBytes} bytes hold no batch`
    const none = this.#batchCount === 0 ? 'no batch was found: this is no log, or all of it is damaged. ' : ''
    const message = `${none}${places} damaged: ${findings}${lost}`
    const error = new CheckFailed('damaged-log', message, {
      hint: 'ktool segments verify tells what a broker would make of it',
      details: { path: file, damaged: this.#damageCount, unreadBytes: this.#unreadBytes },
    })
    return [{ item: file, error }]
  }

  /** A sound batch of which everything is wanted. */
  #plain(batch: RecordBatch): void {
    const { batches, records } = this.#wish
    if (!records && batch instanceof DefaultRecordBatch) {
      this.#sink.batch(this.#input, batch, headerFacts(batch))
      this.left--
    } else if (batches) {
      this.#opened(batch, openBatch(batch, true, this.#wish.range))
    } else {
      this.#recordsOnly(batch)
    }
  }

  /** Damaged, or only partly in the range. */
  #withCare({ batch, damage }: ScannedBatch): void {
    const opened = openBatch(batch, damage === null, this.#wish.range)
    if (damage !== null) this.#count(damage)
    const isWanted = opened.inRange > 0 || !needsRecord(this.#wish.range)
    if (damage !== null && !this.#wish.batches) this.#sink.damage(this.#input, damage)
    if (isWanted || damage !== null) this.#opened(batch, opened)
  }

  #opened(batch: RecordBatch, { facts, cursor, readable }: OpenedBatch): void {
    const { batches, records } = this.#wish
    if (batches) {
      this.#sink.batch(this.#input, batch, facts)
      if (!records) this.left--
    }
    if (facts.recordsError !== null && facts.valid) this.#unreadable(batch, facts.recordsError)
    if (!records || cursor === undefined) return
    for (let i = 0; i < readable && this.left > 0 && cursor.next(); i++) this.#record(batch, cursor)
  }

  /** The fast way: each record is looked at once. */
  #recordsOnly(batch: RecordBatch): void {
    try {
      const cursor = openRecords(batch, { checkCrc: false })
      if (this.#isPlain && !batch.isControl) this.#sink.records?.(this.#input, batch, cursor)
      while (this.left > 0 && cursor.next()) this.#record(batch, cursor)
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      this.#unreadable(batch, error.message)
    }
  }

  #record(batch: RecordBatch, cursor: RecordCursor): void {
    if (!isInRange(cursor, this.#wish.range)) return
    this.#sink.record(this.#input, batch, cursor, this.#said(batch, cursor))
    this.left--
  }

  #said(batch: RecordBatch, cursor: RecordCursor): InternalRecord | undefined {
    if (batch.isControl) return this.#wish.decode ? kraftRecord(cursor) : undefined
    const record = this.#decode?.(cursor.key, cursor.value)
    return this.#wish.decode || record === undefined || record.covered.length > 0 ? record : undefined
  }

  /** Not all of what is no batch is damage: a broker may be about to write there. */
  #gap(damage: Damage, source: Pick<LogSource, 'isGrowing' | 'isOpenEnded'>): void {
    if (damage.reason === 'cut' && source.isGrowing()) this.notes.push(growing(this.#input))
    else if (damage.reason === 'zeros' && source.isOpenEnded())
      this.notes.push(allocated(this.#input, damage))
    else this.#damage(damage)
  }

  #damage(damage: DamageFound): void {
    this.#count(damage)
    this.#unreadBytes += damage.sizeBytes
    this.#sink.damage(this.#input, damage)
  }

  #unreadable(batch: RecordBatch, finding: string): void {
    const { position, sizeBytes } = batch
    const damage: DamageFound = { reason: 'records', position, sizeBytes, finding }
    this.#count(damage)
    if (!this.#wish.batches) this.#sink.damage(this.#input, damage)
  }

  #count({ position, finding, reason }: DamageFound): void {
    this.#damageCount++
    if (this.#damageCount > MOST_FINDINGS) return
    this.#findings.push(reason === 'records' ? finding : `at position ${position} ${finding}`)
  }
}

/** Markers of transactions say all in their own two fields. */
function kraftRecord(cursor: RecordCursor): InternalRecord | undefined {
  const record = decodeControlRecord(cursor.key, cursor.value)
  return record.type === 'COMMIT' || record.type === 'ABORT' ? undefined : record
}

function growing({ file }: DumpInput): string {
  return `${file} is being written to: its last batch was not all there yet`
}

function allocated({ file }: DumpInput, { position, sizeBytes }: Damage): string {
  return `${file} ends in ${sizeBytes} bytes of zeros, from position ${position} on, as an active segment does that was allocated beforehand`
}
