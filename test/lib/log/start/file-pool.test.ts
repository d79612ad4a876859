import { expect, it } from 'vitest'
import { FilePool } from '../../../../src/lib/log/start/file-pool.ts'
import type { ReadableDisk } from '../../../../src/lib/ports/disk.ts'

const names = ['a', 'b', 'c', 'd', 'e']

it('has no more files open than it may, and still reads each of them', () => {
  const { disk, open, most } = countingDisk()
  const pool = new FilePool(disk, 2)
  const files = names.map((name) => pool.file(name))
  for (const wanted of [...files, ...files.toReversed(), ...files]) {
    const into = Buffer.alloc(1)
    wanted.read(into, 0)
    expect(into.toString()).toBe(wanted.path)
  }
  expect(most()).toBe(2)
  pool.close()
  expect(open.size).toBe(0)
})

it('opens a file once as long as no others come between', () => {
  const { disk, opened } = countingDisk()
  const pool = new FilePool(disk, 2)
  const [first, second] = [pool.file('a'), pool.file('b')]
  for (let i = 0; i < 10; i++) for (const file of [first, second]) file.sizeBytes()
  expect(opened).toEqual(['a', 'b'])
})

function countingDisk() {
  const open = new Set<object>()
  const opened: string[] = []
  let most = 0
  const disk: ReadableDisk = {
    list: () => [],
    stat: () => undefined,
    openToRead(path) {
      const file = {
        path,
        sizeBytes: () => 1,
        read: (into: Uint8Array) => Buffer.from(path).copy(into),
        readCold: async (into: Uint8Array) => Buffer.from(path).copy(into),
        close: () => void open.delete(file),
      }
      opened.push(path)
      open.add(file)
      most = Math.max(most, open.size)
      return file
    },
  }
  return { disk, open, opened, most: () => most }
}
