import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { expect, it } from 'vitest'
import { parseFolderName } from '../../../../src/lib/log/files/folder-names.ts'
import { decodeControlRecord } from '../../../../src/lib/log/internal/control-record.ts'
import { internalDecoder } from '../../../../src/lib/log/internal/decode-internal-record.ts'
import type { InternalRecord } from '../../../../src/lib/log/internal/internal-record.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { inKafkasWords, type Said, saidByKafka } from '../../../golden/decoded-dump.ts'
import { goldenText, goldenTree } from '../../../golden/vectors.ts'

const root = 'disk/expected/logdirs'
const dumps = goldenTree(root).filter((path) => path.includes('.decoded.txt'))

function* recordsOf(log: Buffer, topic: string): Generator<[number, InternalRecord]> {
  const decode = internalDecoder(topic, { reveal: true })
  for (const batch of scanBatches(log)) {
    if (batch.kind === 'damage') continue
    const cursor = openRecords(batch)
    while (cursor.next()) {
      const { key, value } = cursor
      const record = batch.isControl ? decodeControlRecord(key, value) : decode?.(key, value)
      if (record !== undefined) yield [Number(cursor.offset), record]
    }
  }
}

it.each(dumps)('what Kafka decodes in %s is decoded to the same', (dump) => {
  const path = dump.slice(root.length).replace(/\.decoded\.txt(\.gz)?$/, '')
  const log = readFileSync(new URL(`../../../golden/disk/logdirs${path}`, import.meta.url))
  const topic = parseFolderName(basename(dirname(path)))?.topic ?? '__cluster_metadata'
  const kafka = saidByKafka(goldenText(dump))
  const ours = new Map(recordsOf(log, topic))

  expect([...ours.keys()]).toEqual([...kafka.keys()])
  expect(ours.size).toBeGreaterThan(0)
  for (const [offset, said] of kafka) {
    const record = inKafkasWords(ours.get(offset) as InternalRecord)
    expect(record.problem).toBeNull()
    const same = Object.fromEntries(Object.keys(said).map((key) => [key, record[key as keyof Said]]))
    expect(same, `offset ${offset}`).toEqual(said)
  }
})

it('compares every log that Kafka decoded', () => {
  expect(dumps.length).toBe(22)
})
