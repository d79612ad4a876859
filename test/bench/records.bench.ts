/**
 * Checking and decoding batches of records, against what the CRC package alone reaches over the same bytes.
 * The log is as large as the piece of a file that is read at once, and is gone through over and over.
 */
import { createRequire } from 'node:module'
import { crc32c } from '@node-rs/crc32'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { openRecords } from '../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../src/lib/records/scan-batches.ts'
import { measure, type Timing } from './measure.ts'

const HELD_RATIO = 0.25
/** Records a second that one thread is held to where the package alone reaches the other figure, in bytes. */
const HELD_RECORDS = 20e6
const CALIBRATION = 6e9

const KEY_BYTES = 10
const VALUE_BYTES = 90
const LOG_BYTES = 2 << 20

interface Log {
  readonly bytes: Buffer
  readonly batches: readonly RecordBatch[]
  readonly records: number
}

const require = createRequire(import.meta.url)
const KafkajsDecoder = require('kafkajs/src/protocol/decoder')
const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder')

function timings(log: Log): Timing[] {
  return measure(
    [
      { name: 'CRC package alone', work: () => crcAlone(log) },
      { name: 'CRC + decode', work: () => decode(log, true) },
      { name: 'decode, CRC not checked', work: () => decode(log, false) },
      { name: 'CRC + decode + views of keys and values', work: () => decodeWithViews(log) },
      { name: 'kafkajs: decode, CRC never checked', work: () => kafkajsDecode(log) },
    ],
    { rounds: 15, runs: 8 },
  )
}

function crcAlone({ batches, bytes }: Log): void {
  for (const { start, sizeBytes } of batches) crc32c(bytes.subarray(start + 21, start + sizeBytes))
}

function decode({ bytes, records }: Log, checkCrc: boolean): void {
  let seen = 0
  let sum = 0
  for (const batch of scanBatches(bytes)) {
    if (batch.kind === 'damage') throw new Error(batch.finding)
    const cursor = openRecords(batch, { checkCrc })
    while (cursor.next()) {
      seen++
      sum += Number(cursor.offset) + cursor.valueLength
    }
  }
  if (seen !== records || sum === 0) throw new Error(`decoded ${seen} of ${records} records`)
}

function decodeWithViews({ bytes, records }: Log): void {
  let seen = 0
  for (const batch of scanBatches(bytes)) {
    if (batch.kind === 'damage') throw new Error(batch.finding)
    const cursor = openRecords(batch)
    while (cursor.next()) if (cursor.key !== null && cursor.value !== null) seen++
  }
  if (seen !== records) throw new Error(`decoded ${seen} of ${records} records`)
}

/** What its own batch decoder does between two awaits. */
function kafkajsDecode({ batches, records }: Log): void {
  let seen = 0
  for (const batch of batches) {
    const decoder = new KafkajsDecoder(batch.raw.subarray(61))
    const context = {
      firstOffset: String(batch.baseOffset),
      firstTimestamp: String(batch.maxTimestamp),
      magicByte: 2,
    }
    for (let left = batch.count ?? 0; left > 0; left--) {
      const length = decoder.readVarInt()
      if (kafkajsRecord(decoder.slice(length), context).value !== null) seen++
      decoder.forward(length)
    }
  }
  if (seen !== records) throw new Error(`decoded ${seen} of ${records} records`)
}

function logOf(batchBytes: number): Log {
  const parts: Buffer[] = []
  let records = 0
  for (let size = 0; size < LOG_BYTES; ) {
    const batch = oneBatch(records, batchBytes)
    parts.push(batch.bytes)
    records += batch.count
    size += batch.bytes.length
  }
  const bytes = Buffer.concat(parts)
  const batches = [...scanBatches(bytes)].filter((found) => found.kind === 'batch')
  return { bytes, batches, records }
}

function oneBatch(baseOffset: number, batchBytes: number): { bytes: Buffer; count: number } {
  const writer = new BatchWriter({ baseOffset })
  while (writer.sizeBytes < batchBytes) {
    const i = baseOffset + writer.count
    writer.append({
      timestamp: 1_700_000_000_000 + Math.floor(i / 100),
      key: Buffer.from(String(i).padStart(KEY_BYTES, '0')),
      value: Buffer.alloc(VALUE_BYTES, `value ${i} `),
    })
  }
  return { bytes: writer.finish(), count: writer.count }
}

function report(log: Log, [alone, ours, ...others]: readonly Timing[]): void {
  if (alone === undefined || ours === undefined) return
  for (const timing of [alone, ours, ...others]) {
    const { name, bestUs } = timing
    const speed = (log.bytes.length / bestUs / 1000).toFixed(2).padStart(6)
    const records = (log.records / bestUs).toFixed(1).padStart(6)
    print(`${name.padEnd(44)}${speed} GB/s ${records} M records/s  ${ratio(alone, timing)} of the CRC alone`)
  }
  judge(log, alone, ours)
}

/** By the best rounds: what disturbs a round only ever makes it slower. */
function judge(log: Log, alone: Timing, ours: Timing): void {
  const isCalibrated = log.bytes.length / alone.bestUs >= CALIBRATION / 1e6
  const isFast = log.records / ours.bestUs >= HELD_RECORDS / 1e6
  const isHeld = alone.bestUs / ours.bestUs >= HELD_RATIO && (isFast || !isCalibrated)
  if (!isHeld) process.exitCode = 1
  const absolute = isCalibrated
    ? `${HELD_RECORDS / 1e6} M records/s`
    : `no absolute figure below ${CALIBRATION / 1e9} GB/s`
  print(`${isHeld ? 'held' : 'MISSED'}: ${HELD_RATIO} of the CRC alone; ${absolute}\n`)
}

function ratio(alone: Timing, timing: Timing): string {
  return `${(alone.bestUs / timing.bestUs).toFixed(2)} (median ${(alone.medianUs / timing.medianUs).toFixed(2)})`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

for (const [size, batchBytes] of [
  ['16 KiB', 16 << 10],
  ['64 KiB', 64 << 10],
  ['1 MiB', 1 << 20],
] as const) {
  const log = logOf(batchBytes)
  print(`Batches of ${size}, records of ${KEY_BYTES} + ${VALUE_BYTES} bytes`)
  report(log, timings(log))
}
