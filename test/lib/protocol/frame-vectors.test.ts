import { describe, expect, test } from 'vitest'
import { decodeWire, encodeWire } from '../../../src/lib/protocol/wire-json.ts'
import { apiSubject, type Direction } from '../../../src/lib/protocol/wire-subject.ts'
import type { Json } from '../../../src/lib/schema/kind.ts'
import { goldenFiles, goldenLines, goldenText } from '../../golden/vectors.ts'

interface Frame {
  api: string
  type: Direction
  version: number
  headerVersion: number
  header: Json
  frame: string
  json: Json
}

/** The bytes behind the length prefix, which must count them. */
function unprefixed(hex: string): Buffer {
  const frame = Buffer.from(hex, 'hex')
  expect(frame.readInt32BE(0)).toBe(frame.length - 4)
  return frame.subarray(4)
}

test.each(['wire/frames.ndjson.gz', 'wire/frames-dropped.ndjson.gz'])(
  '%s: each API and version goes with the header that Kafka gives it',
  (file) => {
    for (const { api, type, version, headerVersion, header, frame, json } of goldenLines<Frame>(file)) {
      const subject = apiSubject(api, type, version, true)
      expect(subject.header?.version, `${api} ${type} v${version}`).toBe(headerVersion)
      const decoded = decodeWire(subject, unprefixed(frame))
      expect(decoded.header?.json).toStrictEqual(header)
      expect(decoded.body.json).toStrictEqual(json)
      expect(decoded.trailing).toHaveLength(0)
      expect(encodeWire(subject, decoded).toString('hex')).toBe(frame.slice(8))
    }
  },
)

interface SessionLine {
  dir?: Direction
  api: string
  apiVersion: number
  bodyVersion?: number
  header?: Json
  correlationId: number
  json: Json
  hex: string
  trailingBytes?: number
}

/** Recorded sessions give the size of record data, not the data. */
function withoutRecords(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutRecords)
  if (typeof json !== 'object' || json === null) return json
  const entries = Object.entries(json).map(([name, value]): [string, Json] =>
    name === 'records' && typeof value === 'string'
      ? ['recordsSizeInBytes', Buffer.from(value, 'base64').length]
      : [name, withoutRecords(value)],
  )
  return Object.fromEntries(entries)
}

describe('what real clients and brokers said to each other', () => {
  test.each(goldenFiles('wire/sessions'))(
    '%s decodes frame by frame and encodes to the same bytes',
    (file) => {
      const frames = goldenLines<SessionLine>(file).filter((line) => line.dir !== undefined)
      expect(frames.length).toBeGreaterThan(0)
      for (const line of frames) {
        const subject = apiSubject(line.api, line.dir as Direction, line.bodyVersion ?? line.apiVersion, true)
        const decoded = decodeWire(subject, unprefixed(line.hex))
        const name = `${line.api} v${line.apiVersion} ${line.dir}, correlation id ${line.correlationId}`
        expect(withoutRecords(decoded.body.json), name).toStrictEqual(withoutRecords(line.json))
        expect(decoded.header?.json, name).toStrictEqual(line.header ?? { correlationId: line.correlationId })
        expect(decoded.trailing, name).toHaveLength(line.trailingBytes ?? 0)
        expect(encodeWire(subject, decoded).toString('hex'), name).toBe(line.hex.slice(8))
      }
    },
  )
})

interface ApiVersionsExchange {
  version: number
  request: string
  response: string
}

test('brokers of many releases answer ApiVersions, and version 0 to a version they do not know', () => {
  const releases = JSON.parse(goldenText('wire/tables/api-versions-frames.json')) as Record<
    string,
    ApiVersionsExchange[]
  >
  for (const [release, exchanges] of Object.entries(releases)) {
    for (const { version, response } of exchanges) {
      const bytes = unprefixed(response)
      const isUnknown = bytes.readInt16BE(4) === 35
      const subject = apiSubject('ApiVersions', 'response', isUnknown ? 0 : version, true)
      const decoded = decodeWire(subject, bytes)
      expect(encodeWire(subject, decoded).equals(bytes), `${release}, asked with version ${version}`).toBe(
        true,
      )
    }
  }
})
