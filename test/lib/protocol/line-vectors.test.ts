import { describe, expect, test } from 'vitest'
import { findLogRecord } from '../../../src/lib/protocol/log-records.ts'
import { decodeLine, encodeLine } from '../../../src/lib/protocol/wire-lines.ts'
import type { Json } from '../../../src/lib/schema/kind.ts'
import { goldenFiles, goldenLines } from '../../golden/vectors.ts'

type Vector = { [key: string]: Json } & { hex: string; version: number }

const files = [
  ...goldenFiles('wire/messages'),
  ...goldenFiles('wire/messages-dropped'),
  ...goldenFiles('wire/records'),
  ...goldenFiles('wire/records-dropped'),
  'wire/headers.ndjson.gz',
  'wire/headers-dropped.ndjson.gz',
]

describe.each(files)('%s', (file) => {
  test('each line is answered with Kafka’s JSON, and with Kafka’s bytes', () => {
    for (const vector of goldenLines<Vector>(file)) {
      const { json, unknownTags, ...question } = vector
      expect(decodeLine(JSON.stringify(question), 1)).toStrictEqual({ line: vector })

      const { hex, ...asked } = vector
      expect(encodeLine(JSON.stringify(asked), 1)).toStrictEqual({ line: vector })
    }
  })
})

describe.each([...goldenFiles('wire/records'), ...goldenFiles('wire/records-dropped')])('%s', (file) => {
  test('a record has Kafka’s frame in front of it', () => {
    for (const vector of goldenLines<Vector & { record: string; framed?: string }>(file)) {
      if (vector.framed === undefined) continue
      const record = findLogRecord(vector.record)
      if (record === undefined) throw new Error(`${vector.record} is missing`)
      const { value, version } = record.decodeFramed(Buffer.from(vector.framed, 'hex'))
      expect(record.message.toJson(value, version)).toStrictEqual(vector.json)
      expect(record.encodeFramed(value, version).toString('hex')).toBe(vector.framed)
    }
  })
})
