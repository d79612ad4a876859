import { expect, it } from 'vitest'
import { DataError } from '../../../src/lib/errors.ts'
import {
  controlRecordKey,
  controlRecordTypes,
  parseControlRecordKey,
} from '../../../src/lib/records/control-record-type.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import { commitMarker, theBatch } from './samples.ts'

it('reads every type from the key that it writes', () => {
  for (const [typeId, type] of controlRecordTypes.entries()) {
    expect(parseControlRecordKey(controlRecordKey(type))).toEqual({ version: 0, typeId, type })
  }
})

it('passes over types and versions of a later Kafka', () => {
  const key = Buffer.from('0001006300', 'hex')
  expect(parseControlRecordKey(key)).toEqual({ version: 1, typeId: 99, type: 'UNKNOWN' })
  expect(parseControlRecordKey(Buffer.from('0000ffff', 'hex')).type).toBe('UNKNOWN')
})

it.each([null, '', '000000', 'ffff0001'])('refuses the key %s', (hex) => {
  const key = hex === null ? null : Buffer.from(hex, 'hex')
  expect(() => parseControlRecordKey(key)).toThrow(DataError)
})

it('finds the end of a transaction in a control batch', () => {
  const batch = theBatch(commitMarker())
  const cursor = openRecords(batch)
  cursor.next()

  expect(batch).toMatchObject({ isControl: true, isTransactional: true, sizeBytes: 78 })
  expect(parseControlRecordKey(cursor.key).type).toBe('COMMIT')
})
