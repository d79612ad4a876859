import { describe, expect, test } from 'vitest'
import { mustBeFree, ownerOf } from '../../../../src/lib/log/owner/directory-owner.ts'
import { parseProcLocks, splitDevice } from '../../../../src/lib/log/owner/proc-locks.ts'
import type { DiskStat, ReadableDisk, ReadableFile } from '../../../../src/lib/ports/disk.ts'

/** As Linux printed them while a broker ran. */
const locks = `1: POSIX  ADVISORY  WRITE 20805 fe:00:10133805 0 EOF
2: FLOCK  ADVISORY  WRITE 77 00:1a:42 0 EOF
2: -> FLOCK  ADVISORY  WRITE 78 00:1a:42 0 EOF
3: OFDLCK ADVISORY  READ -1 08:01:1234 128 128
`

describe('the locks that Linux lists', () => {
  test('are read line by line, those that wait for one too', () => {
    expect(parseProcLocks(locks)).toEqual([
      { processId: 20805, major: 254, minor: 0, inode: 10133805 },
      { processId: 77, major: 0, minor: 26, inode: 42 },
      { processId: 78, major: 0, minor: 26, inode: 42 },
      { processId: -1, major: 8, minor: 1, inode: 1234 },
    ])
  })

  test.each([
    [65024, 254, 0],
    [0x1a, 0, 26],
    [2 ** 20 + 0x0801, 8, 0x101],
  ])('name the device that a stat has as %i in two numbers', (device, major, minor) => {
    expect(splitDevice(device)).toEqual({ major, minor })
  })
})

describe('the owner of a log directory', () => {
  test('is the process that holds its lock', () => {
    const owner = ownerOf(diskWith(65024, 10133805, locks), '/data')
    expect(owner).toEqual({ state: 'alive', processId: 20805 })
    expect(() => mustBeFree(owner, '/data')).toThrow(
      'a broker is alive on /data: process 20805 holds its .lock',
    )
  })

  test('is nobody where the lock file is left over, or was never made', () => {
    expect(ownerOf(diskWith(65024, 99, locks), '/data')).toEqual({ state: 'free' })
    expect(ownerOf(diskWith(65024, undefined, locks), '/data')).toEqual({ state: 'free' })
  })

  test('cannot be known where the system lists no locks, or lists them under another device', () => {
    expect(ownerOf(diskWith(65024, 99, undefined), '/data')).toMatchObject({ state: 'unknown' })
    expect(ownerOf(diskWith(7, 10133805, locks), '/data')).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('process 20805'),
    })
  })
})

function diskWith(device: number, inode: number | undefined, listing: string | undefined): ReadableDisk {
  const stat: DiskStat = { kind: 'file', sizeBytes: 0, modifiedMs: 0 }
  return {
    list: () => [],
    stat: (path) => {
      if (path === '/proc/locks') return listing === undefined ? undefined : stat
      return inode === undefined ? undefined : { ...stat, identity: { device, inode, userId: 0 } }
    },
    openToRead: (path) => listingFile(path, Buffer.from(listing ?? '')),
  }
}

/** It says that it is empty, as all files in /proc do. */
function listingFile(path: string, bytes: Buffer): ReadableFile {
  const read = (into: Uint8Array, position: number) => bytes.copy(into, 0, position)
  return { path, sizeBytes: () => 0, read, readCold: async (...all) => read(...all), close: () => {} }
}
