import { describe, expect, test } from 'vitest'
import type { addInt64 } from '../../../../src/lib/bytes/int64.ts'
import { type ScanOptions, scanLog } from '../../../../src/lib/log/scan/scan-log.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { goldenLogs } from '../../records/golden-logs.ts'
import { fileOf } from './file-of.ts'

const seed = seedOfRun()
const logs = goldenLogs('segments', 'expected/segments')
  .map(({ name, bytes }) => ({ name, bytes, batches: batchesOf(bytes) }))
  .filter(({ batches, bytes }) => batches.length >= 3 && bytes.length < 100_000)

const unwrapped = logs.filter(({ bytes }) =>
  [...scanBatches(bytes)].every((found) => found.kind === 'batch' && found.baseOffset !== null),
)

/** Every record of it holds whole batches, in its value or, at its very end, in a header. */
const nested = nestedLog()

describe(`after damage (seed ${seed}) a scan finds all other batches and invents none`, () => {
  const draw = randomDraw(seed)
  const pick = (below: number) => Math.floor(draw() * below)
  const ways: Record<string, (bytes: Buffer, batches: readonly Span[]) => [number, number]> = {
    'a bit of a header': (bytes, batches) => {
      const { position, sizeBytes } = batches[pick(batches.length)] ?? expect.fail('no batch')
      const at = position + pick(Math.min(61, sizeBytes))
      bytes[at] = (bytes[at] as number) ^ (1 << pick(8))
      return [at, at + 1]
    },
    'a bit of a length': (bytes, batches) => {
      const { position } = batches[pick(batches.length)] ?? expect.fail('no batch')
      const at = position + 8 + pick(4)
      bytes[at] = (bytes[at] as number) ^ (1 << pick(8))
      return [at, at + 1]
    },
    'a length that is anything': (bytes, batches) => {
      const { position } = batches[pick(batches.length)] ?? expect.fail('no batch')
      bytes.writeInt32BE(pick(2) === 0 ? pick(bytes.length) : pick(2 ** 32) | 0, position + 8)
      return [position + 8, position + 12]
    },
    'a bit anywhere': (bytes) => {
      const at = pick(bytes.length)
      bytes[at] = (bytes[at] as number) ^ (1 << pick(8))
      return [at, at + 1]
    },
    'zeros over a range': (bytes) => {
      const [from, to] = [pick(bytes.length), pick(bytes.length)].sort((a, b) => a - b) as [number, number]
      bytes.fill(0, from, to)
      return [from, to]
    },
    'random bytes over a range': (bytes) => {
      const from = pick(bytes.length)
      const to = Math.min(bytes.length, from + 1 + pick(2000))
      for (let at = from; at < to; at++) bytes[at] = pick(256)
      return [from, to]
    },
    'a cut': (bytes) => [pick(bytes.length), bytes.length],
  }

  test.each(Object.keys(ways))('%s', (way) => {
    // Where the head of a record or of a wrapper is gone, nothing tells that what is left was inside of it.
    const isReadable = !way.includes('range')
    for (const log of isReadable ? [...logs, nested, nested, nested] : unwrapped) {
      for (let round = 0; round < 12; round++) {
        const bytes = Buffer.from(log.bytes)
        const [from, to] = ways[way]?.(bytes, log.batches) ?? expect.fail('no way')
        const damaged = way === 'a cut' ? bytes.subarray(0, from) : bytes
        const told = `${log.name}, round ${round}, damage from ${from} to ${to}`
        judge(log.batches, damaged, from, to, told)
      }
    }
  })
})

function judge(batches: readonly Span[], bytes: Buffer, from: number, to: number, told: string): void {
  const options: ScanOptions = { baseOffset: batches[0]?.baseOffset ?? 0, chunkBytes: 4096 }
  const sound = [...scanLog(fileOf(bytes), options)].flatMap((found) =>
    found.kind === 'batch' && found.damage === null ? [found.batch.position] : [],
  )
  const whole = batches.filter(({ position, sizeBytes }) => position + sizeBytes <= from || position >= to)
  expect(sound, told).toEqual(expect.arrayContaining(whole.map(({ position }) => position)))
  const known = new Set(batches.map(({ position }) => position))
  expect(
    sound.filter((position) => !known.has(position)),
    told,
  ).toEqual([])
}

interface Span {
  readonly position: number
  readonly sizeBytes: number
  readonly baseOffset: ReturnType<typeof addInt64>
}

function batchesOf(bytes: Buffer): Span[] {
  return [...scanBatches(bytes)].flatMap((found) =>
    found.kind === 'batch'
      ? [{ position: found.position, sizeBytes: found.sizeBytes, baseOffset: found.baseOffset ?? 0 }]
      : [],
  )
}

function nestedLog() {
  const parts: Buffer[] = []
  for (let i = 0; i < 12; i++) {
    const writer = new BatchWriter({ baseOffset: i * 3 })
    const value = Buffer.concat([0, 1, 2, 3, 4].map((n) => plainBatch(i * 3 + 1 + n * 3)))
    for (let n = 0; n < 3; n++) {
      const headers = n === 2 ? [{ key: Buffer.from('copy'), value: plainBatch(i * 3 + 3) }] : []
      writer.append({
        timestamp: 1000,
        key: null,
        value: i % 2 === 0 ? value : (parts.at(-1) ?? value),
        headers,
      })
    }
    parts.push(writer.finish())
  }
  const bytes = Buffer.concat(parts)
  return { name: 'batches inside of records', bytes, batches: batchesOf(bytes) }
}

function plainBatch(baseOffset: number): Buffer {
  const writer = new BatchWriter({ baseOffset })
  for (let n = 0; n < 3; n++) writer.append({ timestamp: 1000, key: null, value: Buffer.from(`plain ${n}`) })
  return writer.finish()
}
