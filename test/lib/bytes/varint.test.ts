import { expect, it } from 'vitest'
import { toInt64 } from '../../../src/lib/bytes/int64.ts'
import { Reader } from '../../../src/lib/bytes/reader.ts'
import {
  readUvarlong,
  readVarint,
  readVarlong,
  sizeOfUvarint,
  sizeOfVarint,
  sizeOfVarlong,
  writeUvarlong,
  writeVarint,
  writeVarlong,
} from '../../../src/lib/bytes/varint.ts'
import { Writer } from '../../../src/lib/bytes/writer.ts'
import { DataError } from '../../../src/lib/errors.ts'
import { goldenLines } from '../../golden/vectors.ts'

type Type = 'varint' | 'uvarint' | 'varlong' | 'uvarlong'
type Line =
  | { type: Type; value: string; hex: string }
  | { type: Type; decode: string; value: string; bytesRead: number }
  | { type: Type; decode: string; throws: string }

const lines = goldenLines<Line>('wire/tables/varint.ndjson.gz')

function read(type: Type, reader: Reader): bigint {
  switch (type) {
    case 'varint':
      return BigInt(readVarint(reader))
    case 'uvarint':
      return BigInt(reader.uvarint())
    case 'varlong':
      return readVarlong(reader)
    case 'uvarlong':
      return readUvarlong(reader)
  }
}

function write(type: Type, value: bigint): string {
  const writer = new Writer(16)
  if (type === 'varint') writeVarint(writer, Number(value))
  if (type === 'uvarint') writer.uvarint(Number(value))
  if (type === 'varlong') writeVarlong(writer, toInt64(value))
  if (type === 'uvarlong') writeUvarlong(writer, value)
  return writer.written().toString('hex')
}

it('writes and reads back every value of the table in the bytes that Kafka gives it', () => {
  const values = lines.filter((line) => 'hex' in line)
  expect(values.length).toBe(1352)

  for (const { type, value, hex } of values) {
    const reader = new Reader(Buffer.from(hex, 'hex'))
    expect(write(type, BigInt(value)), `${type} ${value}`).toBe(hex)
    expect(read(type, reader), `${type} ${hex}`).toBe(BigInt(value))
    expect(reader.remaining).toBe(0)
  }
})

it('makes of malformed bytes what Kafka makes of them, reading as far and failing where it fails', () => {
  const malformed = lines.filter((line) => 'decode' in line)
  expect(malformed.length).toBe(69)

  for (const line of malformed) {
    const reader = new Reader(Buffer.from(line.decode, 'hex'))
    const title = `${line.type} ${line.decode}`
    if ('throws' in line) {
      const code = line.throws === 'BufferUnderflowException' ? 'truncated' : 'varint-too-long'
      expect(() => read(line.type, reader), title).toThrow(expect.objectContaining({ code }))
      expect(() => read(line.type, new Reader(Buffer.from(line.decode, 'hex'))), title).toThrow(DataError)
    } else {
      expect(read(line.type, reader), title).toBe(BigInt(line.value))
      expect(reader.position, title).toBe(line.bytesRead)
    }
  }
})

it('knows the size of a varint before it is written', () => {
  for (const line of lines) {
    if (!('hex' in line)) continue
    const size = line.hex.length / 2
    if (line.type === 'varint') expect(sizeOfVarint(Number(line.value)), line.value).toBe(size)
    if (line.type === 'varlong') expect(sizeOfVarlong(toInt64(BigInt(line.value))), line.value).toBe(size)
    if (line.type === 'uvarint') expect(sizeOfUvarint(Number(line.value)), line.value).toBe(size)
  }
})
