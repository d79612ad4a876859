import { describe, expect, test } from 'vitest'
import { Reader } from '../../../src/lib/bytes/reader.ts'
import type { LogRecord } from '../../../src/lib/protocol/log-record.ts'
import {
  clusterMetadataRecords,
  consumerOffsetsRecords,
  dataRecords,
  remoteLogMetadataRecords,
  shareStateRecords,
  transactionStateRecords,
} from '../../../src/lib/protocol/log-records.ts'
import { apis, formerApis } from '../../../src/lib/protocol/registry.ts'
import type { Message } from '../../../src/lib/schema/message.ts'
import { restoreUnknownTags, unknownTagsOf } from '../../../src/lib/schema/unknown-tags.ts'
import { randomDraw, seedOfRun } from '../../random.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)

function versionsOf(message: Message): number[] {
  const { min, max } = message.versions
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}

/** Every way through the codec must agree with every other. */
function expectAgreement(message: Message, version: number): void {
  const value = message.random(draw, version)
  const bytes = Buffer.from(message.encode(value, version))
  const name = `${message.name} v${version}, seed ${seed}`
  expect(message.decode(bytes, version), name).toStrictEqual(value)

  const traced = message.trace(new Reader(bytes), version)
  expect(traced.value, name).toStrictEqual(value)
  expect(traced.failure, name).toBeUndefined()
  expectCovered(traced.trace.entries, bytes.length, name)

  const fromJson = message.fromJson(message.toJson(value, version), version)
  restoreUnknownTags(fromJson, unknownTagsOf(value))
  expect(message.encode(fromJson, version).toString('hex'), name).toBe(bytes.toString('hex'))
}

/** A trace leaves no byte out and tells none twice. */
function expectCovered(
  entries: readonly { start: number; end: number }[],
  sizeBytes: number,
  name: string,
): void {
  let position = 0
  for (const { start, end } of entries) {
    expect(start, name).toBe(position)
    position = end
  }
  expect(position, name).toBe(sizeBytes)
}

describe(`random values, seed ${seed}`, () => {
  test.each([...apis, ...formerApis].map((api) => [api.name, api] as const))('%s', (_, api) => {
    for (const message of [api.request, api.response] as unknown as Message[])
      for (const version of versionsOf(message)) for (let i = 0; i < 5; i++) expectAgreement(message, version)
  })

  const coordinators = [...consumerOffsetsRecords, ...transactionStateRecords, ...shareStateRecords]
  const records: LogRecord[] = [
    ...coordinators.flatMap(({ key, value }) => [key, value]),
    ...clusterMetadataRecords,
    ...remoteLogMetadataRecords,
    ...dataRecords,
  ]
  test.each(records.map((record) => [record.name, record] as const))('%s', (_, { message }) => {
    for (const version of versionsOf(message)) for (let i = 0; i < 5; i++) expectAgreement(message, version)
  })
})
