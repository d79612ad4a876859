import { describe, expect, test } from 'vitest'
import { BatchFeed } from '../../../src/lib/log/batch-feed.ts'
import type { ReadableFile } from '../../../src/lib/ports/disk.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { goldenLogs } from '../records/golden-logs.ts'

const logs = [
  ...goldenLogs('segments', 'expected/segments'),
  ...goldenLogs('corrupt/cases', 'corrupt/damaged-expected'),
]

describe('a feed of batches', () => {
  test.each([17, 64, 1000, 4096, 1024 * 1024])(
    'finds in chunks of %i bytes what is in the whole file',
    (chunkBytes) => {
      for (const { name, bytes } of logs) {
        const feed = new BatchFeed(fileOf(bytes), { chunkBytes })
        expect(
          [...feed].map((found) => outline(found)),
          name,
        ).toEqual([...scanBatches(bytes)].map((found) => outline(found)))
      }
    },
  )

  test('starts and ends where it is told, and goes back', () => {
    const { bytes } = logs.find(({ bytes }) => bytes.length > 20_000) ?? expect.fail('no long log')
    const all = [...scanBatches(bytes)]
    const [third, fourth, fifth] = [all[2], all[3], all[4]].map((found) => found ?? expect.fail('too short'))
    if (third === undefined || fourth === undefined || fifth === undefined) return expect.fail('too short')
    const feed = new BatchFeed(fileOf(bytes), { from: third.position, end: fifth.position, chunkBytes: 512 })
    expect([...feed].map(({ position }) => position)).toEqual([third.position, fourth.position])
    feed.seek(third.position)
    expect(feed.next()?.position).toBe(third.position)
  })

  test('reads no more for a length that no batch can have', () => {
    const bytes = Buffer.alloc(3_000_000)
    bytes.writeInt32BE(0x7fffffff, 8)
    const feed = new BatchFeed(fileOf(bytes), { chunkBytes: 4096 })
    expect(feed.next()).toMatchObject({ kind: 'damage', reason: 'cut', sizeBytes: 3_000_000 })
    expect(feed.readBytes).toBe(4096)
  })

  test('says that a file has shrunk under it', () => {
    const file = { ...fileOf(Buffer.alloc(100)), sizeBytes: () => 5000 }
    expect(() => new BatchFeed(file, { chunkBytes: 1000 }).next()).toThrow(
      'had 5000 bytes and ends at 100 by now',
    )
  })
})

function outline(found: {
  kind: string
  position: number
  sizeBytes: number
  reason?: string
  finding?: string
}) {
  const { kind, position, sizeBytes, reason, finding } = found
  return { kind, position, sizeBytes, reason, finding }
}

function fileOf(bytes: Buffer): ReadableFile {
  const read = (into: Uint8Array, position: number) => bytes.copy(into, 0, position, position + into.length)
  return {
    path: 'a.log',
    sizeBytes: () => bytes.length,
    read,
    readCold: async (into, position) => read(into, position),
    close: () => {},
  }
}
