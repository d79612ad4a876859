import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { findByOffset, type ReadableBounds } from '../../../../src/lib/log/lookup/find-by-offset.ts'
import { findByTime } from '../../../../src/lib/log/lookup/find-by-time.ts'
import { findMaxTimestamp } from '../../../../src/lib/log/lookup/find-max-timestamp.ts'
import type { Lookup } from '../../../../src/lib/log/lookup/found-record.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { readLogBounds } from '../../../../src/lib/log/state/log-bounds.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { MemoryDisk } from '../hostile/memory-disk.ts'
import { pathInDisk } from './golden-partitions.ts'

const FOLDER = '/broker/victim-0'
const SECOND = '00000000000000000027'
const places = [
  'corrupt/base/victim-0',
  'segments/roll-size/roll-size-0',
  'segments/roll-index/roll-index-0',
  'segments/txn-v2/txn-v2-0',
  'segments/mixed-magic/mixed-magic-0',
  'segments/v1-102-none/v1-102-none-0',
  'segments/unclean/unclean-0',
]

describe('a lookup with a damaged index', () => {
  test.each(places)('has the answers of a scan, whatever became of the indexes of %s', (place) => {
    const seed = seedOfRun()
    const draw = randomDraw(seed)
    const files = filesOf(place)
    const scanned = answersOf(new MemoryDisk(withoutIndexes(files)))
    const indexes = [...files.keys()].filter((path) => /\.(time)?index$/.test(path))
    for (let round = 0; round < 60; round++) {
      const path = indexes[Math.floor(draw() * indexes.length)] ?? ''
      const { how, bytes } = damagedIndex(files.get(path) ?? Buffer.alloc(0), draw)
      const disk = new MemoryDisk(new Map([...files, [path, bytes]]))
      expect(answersOf(disk), `KTOOL_SEED=${seed}, round ${round}: ${how} ${path}`).toEqual(scanned)
    }
  })

  test.each([
    ['is gone', undefined, 'has no .index beside it'],
    ['holds nothing but zeros', (bytes: Buffer) => bytes.fill(0), 'it holds nothing but zeros'],
    ['goes backwards', reversed, 'its entry 1 does not lie behind the one before it'],
    ['points beside the batches', shifted, 'where no batch starts'],
    ['ends within an entry', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(3)]), 'no whole entry'],
  ])('says so where it %s', (_, change, remark) => {
    const files = new Map(filesOf('corrupt/base/victim-0'))
    const path = join(FOLDER, `${SECOND}.index`)
    const before = files.get(path) ?? Buffer.alloc(0)
    if (change === undefined) files.delete(path)
    else files.set(path, change(Buffer.from(before)))
    const disk = new MemoryDisk(files)
    const { found, remarks } = findByOffset(disk, openPartitionFolder(disk, FOLDER), boundsIn(disk), 45)
    expect(found?.offset).toBe(45)
    expect(remarks).toEqual([expect.stringContaining(remark)])
    expect(remarks[0]).toContain(SECOND)
  })

  it('says so where a time index has lost its last entries', () => {
    const files = new Map(filesOf('corrupt/base/victim-0'))
    const path = join(FOLDER, `${SECOND}.timeindex`)
    files.set(path, (files.get(path) ?? Buffer.alloc(0)).subarray(0, 24))
    const disk = new MemoryDisk(files)
    const { remarks } = findMaxTimestamp(disk, openPartitionFolder(disk, FOLDER), boundsIn(disk))
    expect(remarks).toEqual([
      expect.stringMatching(/timeindex ends with timestamp .* the log has larger ones/),
    ])
  })

  it('reads no more than it must where the index is sound', () => {
    const disk = new MemoryDisk(filesOf('corrupt/base/victim-0'))
    const { steps } = findByOffset(disk, openPartitionFolder(disk, FOLDER), boundsIn(disk), 45)
    expect(steps).toEqual([
      {
        file: `${SECOND}.log`,
        timeEntry: null,
        offsetEntry: { offset: 44, position: expect.any(Number) },
        scannedFrom: expect.any(Number),
      },
    ])
    expect(steps[0]?.scannedFrom).toBe(steps[0]?.offsetEntry?.position)
  })
})

function filesOf(place: string): Map<string, Buffer> {
  const folder = pathInDisk(place)
  return new Map(readdirSync(folder).map((name) => [join(FOLDER, name), readFileSync(join(folder, name))]))
}

function withoutIndexes(files: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  return new Map([...files].filter(([path]) => !/\.(time)?index$/.test(path)))
}

function boundsIn(disk: MemoryDisk): ReadableBounds {
  return readLogBounds(disk, openPartitionFolder(disk, FOLDER))
}

/** What a number of lookups find, over all offsets and times that there are. */
function answersOf(disk: MemoryDisk) {
  const folder = openPartitionFolder(disk, FOLDER)
  const bounds = readLogBounds(disk, folder)
  const end = Number(bounds.logEndOffset)
  const offsets = Array.from({ length: 12 }, (_, i) => Math.floor((end * i) / 12))
  const byOffset = offsets.map((offset) => findByOffset(disk, folder, bounds, offset))
  const times = byOffset.flatMap(({ found }) => (found === null ? [] : [found.timestamp]))
  return {
    end,
    byOffset: byOffset.map(placeOf),
    byTime: times.map((time) => placeOf(findByTime(disk, folder, bounds, time))),
    max: placeOf(findMaxTimestamp(disk, folder, bounds)),
  }
}

function placeOf({ found }: Lookup) {
  return found === null ? null : { offset: found.offset, timestamp: found.timestamp, batch: found.batch }
}

function damagedIndex(bytes: Buffer, draw: () => number): { how: string; bytes: Buffer } {
  const copy = Buffer.from(bytes)
  const at = Math.floor(draw() * copy.length)
  switch (Math.floor(draw() * 5)) {
    case 0:
      return { how: `cut to ${at} bytes`, bytes: copy.subarray(0, at) }
    case 1:
      return { how: `zeros from ${at} on in`, bytes: copy.fill(0, at) }
    case 2:
      return { how: 'garbage in', bytes: Buffer.from(copy.map(() => Math.floor(draw() * 256))) }
    default: {
      const bit = Math.floor(draw() * 8)
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << bit)
      return { how: `bit ${bit} of byte ${at} flipped in`, bytes: copy }
    }
  }
}

function reversed(bytes: Buffer): Buffer {
  const entries = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.subarray(i * 8, i * 8 + 8))
  return Buffer.concat(entries.reverse())
}

function shifted(bytes: Buffer): Buffer {
  for (let at = 4; at < bytes.length; at += 8) bytes.writeInt32BE(bytes.readInt32BE(at) + 7, at)
  return bytes
}
