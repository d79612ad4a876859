import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { expect, it } from 'vitest'
import { parseFolderName } from '../../../../src/lib/log/files/folder-names.ts'
import { decodeControlRecord } from '../../../../src/lib/log/internal/control-record.ts'
import { internalDecoder } from '../../../../src/lib/log/internal/decode-internal-record.ts'
import type { InternalRecord } from '../../../../src/lib/log/internal/internal-record.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { goldenText, goldenTree } from '../../../golden/vectors.ts'

const root = 'disk/expected/logdirs'
const dumps = goldenTree(root).filter((path) => path.includes('.decoded.txt'))

type Said = Partial<InternalRecord>

/** What Kafka's own tool says of each record of a log, by offset. */
function saidByKafka(dump: string): Map<number, Said> {
  const lines = dump.split('\n').flatMap((line): [number, Said][] => {
    const [, offset, text] = /^\| offset: (\d+) .*?headerKeys: \[\] ?(.*)$/.exec(line) ?? []
    return text === undefined ? [] : [[Number(offset), readWords(text)]]
  })
  return new Map(lines)
}

function readWords(text: string): Said {
  const [, marker, epoch] = /^endTxnMarker: (\w+) coordinatorEpoch: (\d+)$/.exec(text) ?? []
  if (marker !== undefined) return { type: marker, value: { coordinatorEpoch: Number(epoch) } }
  const [, control] = /^[A-Z]\w+:? (\{.*\})$/.exec(text) ?? []
  if (control !== undefined) return { value: parse(control) }
  const [, key = '{}', value = ''] = /^(?:key: (\{.*\}) )?payload: (\{.*\}|<DELETE>)$/.exec(text) ?? []
  const { type: typeId, data } = parse(key)
  if (value === '<DELETE>') return { typeId: Number(typeId), key: data, version: null, value: null }
  const { type, version, data: fields } = parse(value)
  const rest = { version: Number(version), value: fields }
  return type === undefined ? { typeId: Number(typeId), key: data, ...rest } : { type, key: null, ...rest }
}

/** Numbers that JSON.parse would round are digits where ktool prints them. */
// biome-ignore lint/suspicious/noExplicitAny: what Kafka printed is what it is.
function parse(text: string): any {
  return JSON.parse(text.replace(/(?<=[:[,])-?\d{16,}/g, exact))
}

function exact(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`
}

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

/** `TopicRecord` → `TOPIC_RECORD` */
function inKafkasWords(record: InternalRecord): InternalRecord {
  const name = record.type?.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() ?? null
  return { ...record, type: name }
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
