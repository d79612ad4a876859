import { describe, expect, test } from 'vitest'
import type { Codec } from '../../../../src/lib/compression/codec.ts'
import { BatchFeed } from '../../../../src/lib/log/batch-feed.ts'
import { startLineEngine } from '../../../../src/lib/output/records/line-engine.ts'
import { LineLane } from '../../../../src/lib/output/records/line-lane.ts'
import type { RecordForm } from '../../../../src/lib/output/records/record-form.ts'
import { RecordLines } from '../../../../src/lib/output/records/record-lines.ts'
import type { ReadableFile } from '../../../../src/lib/ports/disk.ts'
import type { Thread } from '../../../../src/lib/ports/threads.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { controlRecordKey } from '../../../../src/lib/records/control-record-type.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { goldenLogs } from '../../records/golden-logs.ts'
import { fakeThread } from './fake-thread.ts'

const form: RecordForm = { topic: 'orders', partition: 3, key: 'text', value: 'text', manner: 'dump' }

function logOf(
  megabytes: number,
  value = (i: number) => Buffer.from(`value ${i} `.repeat(9)),
  codec = (i: number): Codec => (i % 3 === 0 ? 'gzip' : 'none'),
): Buffer {
  const batches: Buffer[] = []
  let baseOffset = 0
  for (let size = 0; size < megabytes * 1024 * 1024; size += batches.at(-1)?.length ?? 0) {
    const writer = new BatchWriter({ baseOffset, codec: codec(batches.length) })
    while (writer.sizeBytes < 100_000)
      writer.append({ timestamp: 0, key: null, value: value(baseOffset + writer.count) })
    baseOffset += writer.count
    batches.push(writer.finish())
  }
  return Buffer.concat(batches)
}

function batchesIn(log: Buffer): Iterable<RecordBatch> {
  const read = (into: Uint8Array, position: number) => log.copy(into, 0, position, position + into.length)
  const file: ReadableFile = {
    path: 'a.log',
    sizeBytes: () => log.length,
    read,
    readCold: async (into, position) => read(into, position),
    close: () => {},
  }
  const feed = new BatchFeed(file)
  return {
    *[Symbol.iterator]() {
      for (const found of feed) if (found.kind === 'batch') yield found
    },
  }
}

const engine = startLineEngine()

function linesOf(batches: Iterable<RecordBatch>): string {
  const lines = new RecordLines(form, engine)
  for (const batch of batches) {
    const cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) lines.add(batch, cursor)
  }
  return Buffer.from(lines.take()).toString()
}

/** All that comes out of the lane, what it leaves included. */
async function through(thread: Thread, batches: Iterable<RecordBatch>, lane = new LineLane(thread)) {
  let text = ''
  let leftCount = 0
  const take = async (isLast: boolean) => {
    for await (const { lines, left } of lane.ready(isLast)) {
      text += Buffer.from(lines).toString()
      text += linesOf(left)
      leftCount += left.length
    }
  }
  for (const batch of batches) {
    expect(lane.isFor(batch)).toBe(true)
    if (!lane.hasRoomFor(batch)) await take(false)
    lane.put(form, batch)
  }
  await take(true)
  expect(lane.isEmpty).toBe(true)
  lane.end()
  return { text, leftCount }
}

describe('a lane of batches', () => {
  const log = logOf(12)
  const expected = linesOf(batchesIn(log))

  test('gives the lines of all batches in their order, whichever thread makes them when', async () => {
    const seed = seedOfRun()
    for (let round = 0; round < 5; round++) {
      const draw = randomDraw(seed + round)
      const thread = fakeThread({ patience: () => Math.floor(draw() * 12) })
      const { text } = await through(thread, batchesIn(log))
      expect(text === expected, `KTOOL_SEED=${seed}`).toBe(true)
      expect(thread.sentCount).toBeGreaterThan(0)
      expect(thread.isStopped).toBe(true)
    }
  })

  test.each([0, 1, 3])('loses nothing when the thread ends after %i blocks', async (life) => {
    const { text } = await through(fakeThread({ life }), batchesIn(log))
    expect(text === expected).toBe(true)
  })

  test('needs no thread that ever says it is there', async () => {
    const silent: Thread = {
      send: () => expect.fail('nobody is there'),
      poll: () => undefined,
      receive: () => expect.fail('there is nothing to wait for'),
      stop: () => {},
    }
    const { text } = await through(silent, batchesIn(log))
    expect(text === expected).toBe(true)
  })

  test('keeps no more than some blocks, however slow the thread is', async () => {
    const buffers = new Set<unknown>()
    const thread = fakeThread({ patience: () => 1000 })
    const counting: Thread = {
      send: (message) => {
        buffers.add((message as { input: unknown }).input)
        thread.send(message)
      },
      poll: () => thread.poll(),
      receive: () => thread.receive(),
      stop: () => thread.stop(),
    }
    await through(counting, batchesIn(log))
    expect(buffers.size).toBeLessThanOrEqual(9)
  })

  test('leaves what cannot be read, and control records with more to say, to its owner', async () => {
    const log = logOf(1)
    const broken = Buffer.from(log)
    broken.writeInt32BE(7, 57 + log.readInt32BE(8) + 12)
    const lane = new LineLane(fakeThread())
    const [first, second] = scanBatches(broken)
    for (const batch of [first, second]) if (batch?.kind === 'batch') lane.put(form, batch)
    for await (const { lines, left } of lane.ready(true)) {
      expect(lines.length).toBe(0)
      expect(left.map(({ position }) => position)).toEqual([0, log.readInt32BE(8) + 12])
    }
    const control = (type: 'COMMIT' | 'LEADER_CHANGE') => {
      const writer = new BatchWriter({ isControl: true })
      writer.append({ timestamp: 0, key: controlRecordKey(type), value: Buffer.alloc(6) })
      return batchesIn(writer.finish())
    }
    expect((await through(fakeThread(), control('COMMIT'))).leftCount).toBe(0)
    expect((await through(fakeThread(), control('LEADER_CHANGE'))).leftCount).toBe(1)
  })

  test('leaves a block whose lines would fill the memory', async () => {
    const log = logOf(
      0.012,
      (i) => Buffer.alloc(20_000 + i),
      () => 'gzip',
    )
    const { text, leftCount } = await through(fakeThread(), batchesIn(log))
    expect(leftCount).toBeGreaterThan(0)
    expect(text === linesOf(batchesIn(log))).toBe(true)
  })

  test('shows every log of every broker as one thread does', async () => {
    const thread = fakeThread()
    const lane = new LineLane(thread)
    for (const { name, bytes } of goldenLogs('segments', 'expected/segments')) {
      const { text } = await through(thread, batchesIn(bytes), lane)
      expect(text === linesOf(batchesIn(bytes)), name).toBe(true)
    }
  })
})
