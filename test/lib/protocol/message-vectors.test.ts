import { describe, expect, test } from 'vitest'
import { findApi } from '../../../src/lib/protocol/registry.ts'
import type { Json } from '../../../src/lib/schema/kind.ts'
import { goldenFiles, goldenLines } from '../../golden/vectors.ts'

interface Vector {
  api: string
  type: 'request' | 'response'
  version: number
  hex: string
  json: Json
  unknownTags?: Json
}

describe.each(['wire/messages', 'wire/messages-dropped'])('%s', (folder) => {
  test.each(goldenFiles(folder))('%s decodes to Kafka’s JSON and encodes to its bytes', (file) => {
    for (const vector of goldenLines<Vector>(file)) {
      const api = findApi(vector.api)
      const message = api?.[vector.type]
      if (message === undefined) throw new Error(`${vector.api} is missing`)
      const value = message.decode(Buffer.from(vector.hex, 'hex'), vector.version)
      const name = `${vector.api} ${vector.type} v${vector.version}`
      expect(message.toJson(value, vector.version), name).toStrictEqual(vector.json)
      expect(message.encode(value, vector.version).toString('hex'), name).toBe(vector.hex)
      if (vector.unknownTags === undefined) {
        const again = message.fromJson(vector.json, vector.version)
        expect(message.encode(again, vector.version).toString('hex'), name).toBe(vector.hex)
      }
    }
  })
})
