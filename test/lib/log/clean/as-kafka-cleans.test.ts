import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../../../src/lib/log/write/open-log.ts'
import type { LogSettings } from '../../../../src/lib/log/write/partition-log.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { defaults, LogRig, turns } from '../write/log-rig.ts'
import { cleanOnce } from './cleaning-rig.ts'

const golden = new URL('../../../golden/disk/segments/', import.meta.url)
/** As the topics of these folders had it: ten years. */
const DELETE_RETENTION_MS = 315_360_000_000

interface Case {
  readonly folder: string
  readonly settings: Partial<LogSettings>
  /** Where the last of several rounds began, and what an earlier one had replaced. */
  readonly cleanedOffset?: number
  readonly without?: RegExp
}

/** Folders in which Kafka's cleaner has left what it replaced, marked as deleted. */
const cases: { readonly [name: string]: Case } = {
  'compact-basic': { folder: 'compact-basic-0', settings: { segmentBytes: 5000, indexIntervalBytes: 512 } },
  'compact-idem': { folder: 'compact-idem-0', settings: { segmentBytes: 2500 } },
  'compact-delete': { folder: 'compact-delete-0', settings: { segmentBytes: 4000 } },
  'v0-090-compact-cleaned-by-431': { folder: 'v0-090-compact-0', settings: { segmentBytes: 3000 } },
  'v1-102-compact-cleaned-by-431': {
    folder: 'v1-102-compact-0',
    settings: { segmentBytes: 3000 },
    cleanedOffset: 261,
    without: /0162\./,
  },
}

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

describe('what Kafka has cleaned', () => {
  it.each(Object.entries(cases))('is cleaned here to the same batches: %s', async (name, wish) => {
    const { folder } = wish
    const kafka = fileURLToPath(new URL(`${name}/${folder}`, golden))
    await clean(kafka, wish)
    const files = readdirSync(kafka).filter((file) => file.endsWith('.log'))
    expect(Object.keys(rig.files(folder)).filter((file) => file.endsWith('.log'))).toEqual(files)
    for (const file of files) {
      expect(told(rig.bytes(folder, file)), file).toEqual(told(readFileSync(join(kafka, file))))
    }
  })

  it('has the same bytes where nothing is compressed, in its indexes too', async () => {
    const { 'compact-idem': idempotent } = cases
    const kafka = fileURLToPath(new URL('compact-idem/compact-idem-0', golden))
    await clean(kafka, idempotent as Case)
    const files = readdirSync(kafka).filter((file) => /\.(log|index|timeindex|txnindex|snapshot)$/.test(file))
    for (const file of files) {
      const ours = rig.bytes('compact-idem-0', file)
      expect(ours.equals(readFileSync(join(kafka, file))), file).toBe(true)
    }
  })
})

async function clean(kafka: string, { folder, settings, cleanedOffset, without }: Case): Promise<void> {
  const path = join(rig.path, folder)
  restore(kafka, path, without)
  const all = { ...defaults, segmentIndexBytes: 4096, deleteRetentionMs: DELETE_RETENTION_MS, ...settings }
  const log = await openLog(rig.room(), path, all, { isClean: true, turns })
  log.raiseHighWatermark(log.logEndOffset)
  log.cleanedOffset = cleanedOffset
  await cleanOnce(log, cleanedMs(kafka))
  await log.close()
}

/** The folder as it was before it was cleaned. */
function restore(kafka: string, path: string, without?: RegExp): void {
  mkdirSync(path)
  const names = readdirSync(kafka).filter((name) => without?.test(name) !== true)
  for (const name of names) {
    if (names.includes(`${name}.deleted`)) continue
    copyFileSync(join(kafka, name), join(path, name.replace(/\.deleted$/, '')))
  }
}

/** When that was: it is to be seen where tombstones were left. */
function cleanedMs(kafka: string): number {
  const horizons = readdirSync(kafka)
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => [...scanBatches(readFileSync(join(kafka, file)))])
    .flatMap((batch) => (batch.kind === 'batch' ? [Number(batch.deleteHorizonMs ?? 0)] : []))
  return Math.max(...horizons) - DELETE_RETENTION_MS
}

/** All that a batch says and holds; how small it was compressed is a matter of the compressor. */
function told(bytes: Buffer): unknown[] {
  return [...scanBatches(bytes)].map((batch) => (batch.kind === 'batch' ? tell(batch) : batch))
}

function tell(batch: RecordBatch): unknown {
  const { magic, attributes, baseOffset, lastOffset, count, maxTimestamp, deleteHorizonMs } = batch
  const { partitionLeaderEpoch, producerId, producerEpoch, baseSequence } = batch
  const records: unknown[] = []
  const cursor = openRecords(batch)
  while (cursor.next()) {
    const { offset, timestamp, key, value } = cursor
    records.push([offset, timestamp, String(key), value === null ? null : String(value), cursor.headers()])
  }
  return {
    ...{ magic, attributes, baseOffset, lastOffset, count, maxTimestamp, deleteHorizonMs },
    ...{ partitionLeaderEpoch, producerId, producerEpoch, baseSequence, records },
  }
}
