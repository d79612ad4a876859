import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Reader } from '../../../src/lib/bytes/reader.ts'
import { Writer } from '../../../src/lib/bytes/writer.ts'
import { DataError } from '../../../src/lib/errors.ts'
import { requestHeader } from '../../../src/lib/protocol/headers.ts'
import { findApi } from '../../../src/lib/protocol/registry.ts'
import type { Message } from '../../../src/lib/schema/message.ts'
import { goldenFiles, goldenLines } from '../../golden/vectors.ts'
import { randomDraw, seedOfRun } from '../../random.ts'

interface Vector {
  api: string
  type: 'request' | 'response'
  version: number
  hex: string
}

interface Subject {
  message: Message
  version: number
  bytes: Buffer
}

const seed = seedOfRun()
const LARGEST = 600

/** 200 vectors that are different in each run; the seed in the title brings them back. */
function chosenVectors(): Subject[] {
  const draw = randomDraw(seed)
  const files = [...goldenFiles('wire/messages'), ...goldenFiles('wire/messages-dropped')]
  const chosen: Subject[] = []
  while (chosen.length < 200) {
    const lines = goldenLines<Vector>(files[Math.floor(draw() * files.length)] as string)
    const { api, type, version, hex } = lines[Math.floor(draw() * lines.length)] as Vector
    const message = findApi(api)?.[type]
    if (message === undefined) throw new Error(`${api} is missing`)
    if (hex.length > 0 && hex.length <= LARGEST * 2)
      chosen.push({ message, version, bytes: Buffer.from(hex, 'hex') })
  }
  return chosen
}

/** What the bytes mean, or the error that says where they stop making sense. */
function attempt({ message, version }: Subject, bytes: Buffer): { value: unknown } | { error: DataError } {
  try {
    return { value: message.read(new Reader(bytes), version) }
  } catch (error) {
    if (error instanceof DataError) return { error }
    throw error
  }
}

function expectPlaceIn(error: DataError, name: string): void {
  expect(error.details.position, `${name}: ${error.message}`).toBeTypeOf('number')
  expect(error.details.field, `${name}: ${error.message}`).toBeTypeOf('string')
}

/** A value that decoding invented must at least be one that encoding and decoding agree on. */
function expectStable(subject: Subject, value: unknown, name: string): void {
  const { message, version } = subject
  const again = attempt(subject, message.encode(value as never, version))
  expect('value' in again && isDeepStrictEqual(again.value, value), name).toBe(true)
}

describe(`200 vectors, seed ${seed}`, () => {
  const subjects = chosenVectors()

  test('a message that is cut anywhere is an error that names field and position', () => {
    for (const subject of subjects)
      for (let length = 0; length < subject.bytes.length; length++) {
        const name = `${subject.message.name} v${subject.version} cut to ${length} bytes`
        const outcome = attempt(subject, subject.bytes.subarray(0, length))
        if (!('error' in outcome)) throw new Error(`${name} was taken for whole`)
        expectPlaceIn(outcome.error, name)
      }
  })

  test('a flipped bit yields a value that survives encoding, or an error that names field and position', () => {
    for (const subject of subjects)
      for (let bit = 0; bit < subject.bytes.length * 8; bit++) {
        const name = `${subject.message.name} v${subject.version} with bit ${bit} flipped`
        const bytes = Buffer.from(subject.bytes)
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
        const outcome = attempt(subject, bytes)
        if ('error' in outcome) expectPlaceIn(outcome.error, name)
        else expectStable(subject, outcome.value, name)
      }
  })

  test('four bytes of 0x7f or 0xff anywhere declare lengths that are not believed', () => {
    const before = process.memoryUsage().rss
    for (const subject of subjects)
      for (let at = 0; at + 4 <= subject.bytes.length; at++)
        for (const filler of ['7fffffff', 'ffffff7f', 'ffffffff0f']) {
          const bytes = Buffer.concat([
            subject.bytes.subarray(0, at),
            Buffer.from(filler, 'hex'),
            subject.bytes.subarray(at + 4),
          ])
          attempt(subject, bytes)
        }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20)
  })
})

describe('many tagged fields', () => {
  function headerWithTags(count: number): Buffer {
    const writer = new Writer()
    requestHeader.write(
      writer,
      { requestApiKey: 3, requestApiVersion: 12, correlationId: 1, clientId: 'a' },
      2,
    )
    writer.position--
    writer.uvarint(count)
    for (let tag = 0; tag < count; tag++) {
      writer.uvarint(tag)
      writer.uvarint(3)
      writer.raw(Buffer.from([1, 2, tag & 0xff]))
    }
    return Buffer.from(writer.written())
  }

  function roundTripMs(bytes: Buffer): number {
    const start = performance.now()
    const value = requestHeader.decode(bytes, 2)
    expect(requestHeader.encode(value, 2).equals(bytes)).toBe(true)
    return performance.now() - start
  }

  test('10,000 round-trip, in time that grows with the bytes', () => {
    const few = headerWithTags(1_000)
    const many = headerWithTags(10_000)
    const best = (bytes: Buffer) => Math.min(...Array.from({ length: 15 }, () => roundTripMs(bytes)))
    best(few)
    // Ten times the bytes: linear time is some ten times as long, quadratic a hundred.
    expect(best(many) / best(few)).toBeLessThan(40)
  })
})
