import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parsePartitionMetadata } from '../../../../src/lib/log/files/partition-metadata.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { createLog, openLog } from '../../../../src/lib/log/write/open-log.ts'
import type { LogSettings } from '../../../../src/lib/log/write/partition-log.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { defaults, LogRig, turns } from './log-rig.ts'

const golden = new URL('../../../golden/disk/segments/', import.meta.url)
const smallIndexes = { segmentIndexBytes: 4096 }
const transactions = { ...smallIndexes, segmentBytes: 6000, indexIntervalBytes: 512 }

/** Folders that Kafka wrote and closed, with the settings that their topics had. */
const cases: readonly [name: string, settings: Partial<LogSettings>][] = [
  ['codec-none', { ...smallIndexes, indexIntervalBytes: 1024 }],
  ['codec-zstd', { ...smallIndexes, indexIntervalBytes: 1024 }],
  ['append-time', smallIndexes],
  ['large-record', smallIndexes],
  ['roll-size', { ...smallIndexes, segmentBytes: 12_288, indexIntervalBytes: 512 }],
  ['roll-time', { ...smallIndexes, segmentMs: 60_000, indexIntervalBytes: 128 }],
  ['roll-index', { segmentIndexBytes: 80, indexIntervalBytes: 1 }],
  ['idempotent', { ...smallIndexes, segmentBytes: 6000 }],
  ['txn-v1', transactions],
  ['txn-v2', transactions],
  ['txn-open-clean-v1', { ...smallIndexes, segmentBytes: 8000 }],
  ['txn-open-clean-v2', { ...smallIndexes, segmentBytes: 8000 }],
  ['epochs', { ...smallIndexes, segmentBytes: 4096 }],
  ['empty', smallIndexes],
]

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

describe('a log that takes in what a broker of Kafka took in', () => {
  it.each(cases)('has the same files, byte for byte: %s', async (name, settings) => {
    const kafka = fileURLToPath(new URL(`${name}/${name}-0`, golden))
    await write(join(rig.path, `${name}-0`), kafka, { ...defaults, ...settings })
    const names = readdirSync(kafka).sort()
    expect(Object.keys(rig.files(`${name}-0`))).toEqual(names)
    for (const file of names) {
      const ours = rig.bytes(`${name}-0`, file)
      expect(ours.equals(readFileSync(join(kafka, file))), file).toBe(true)
    }
  })
})

/** Appends batch after batch as it was produced, with a clean stop where another leader's epoch begins. */
async function write(path: string, kafka: string, settings: LogSettings): Promise<void> {
  const topicId = parsePartitionMetadata(readFileSync(join(kafka, 'partition.metadata')))
  let log = createLog(rig.room(), path, settings, topicId)
  log.beginEpoch(0)
  for (const batch of batchesOf(kafka)) {
    if (batch.partitionLeaderEpoch > (log.latestEpoch ?? 0)) {
      await log.close()
      log = await openLog(rig.room(), path, settings, { isClean: true, turns })
      log.beginEpoch(batch.partitionLeaderEpoch)
    }
    log.append(Buffer.from(batch.raw))
    log.raiseHighWatermark(log.logEndOffset)
  }
  await log.close()
}

function batchesOf(path: string): RecordBatch[] {
  const { segments } = openPartitionFolder(systemDisk, path)
  return segments.flatMap(({ log }) =>
    [...scanBatches(readFileSync(log.path))].flatMap((found) => (found.kind === 'batch' ? [found] : [])),
  )
}
