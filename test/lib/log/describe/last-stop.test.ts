import { expect, test } from 'vitest'
import { describePaths } from '../../../../src/lib/log/describe/describe-paths.ts'
import { tellBroker } from '../../../../src/lib/log/describe/tell-description.ts'
import type { ReadableDisk, ReadableFile } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { pathInDisk } from '../lookup/golden-partitions.ts'

const locks = '1: POSIX  ADVISORY  WRITE 20805 fe:00:10133805 0 EOF\n'

test.each([
  ['logdirs/kraft-431/data0/orders-0', systemDisk, 'clean', 'node 1, stopped cleanly'],
  ['logdirs/cluster-3/node2/diverge-0', systemDisk, 'unclean', 'node 2, not stopped cleanly'],
  ['logdirs/kraft-431/data0/orders-0', diskWithBroker(), 'alive', 'node 1, alive'],
  ['segments/empty/empty-0', systemDisk, null, null],
])('the broker of %s is said to have gone as its directory tells', async (path, disk, lastStop, words) => {
  for await (const { rows } of describePaths(disk, [pathInDisk(path)])) {
    expect(rows.map((row) => [row.lastStop, tellBroker(row)])).toEqual([[lastStop, words]])
  }
  expect.assertions(1)
})

/** A lock that a live broker holds, which Node can neither take nor test. */
function diskWithBroker(): ReadableDisk {
  const file = { kind: 'file', sizeBytes: 0, modifiedMs: 0 } as const
  return {
    list: (folder) => systemDisk.list(folder),
    stat: (path) => {
      if (path === '/proc/locks') return file
      if (!path.endsWith('/.lock')) return systemDisk.stat(path)
      return { ...file, identity: { device: 65024, inode: 10133805, userId: 0 } }
    },
    openToRead: (path) => (path === '/proc/locks' ? fileOf(locks) : systemDisk.openToRead(path)),
  }
}

function fileOf(text: string): ReadableFile {
  const bytes = Buffer.from(text)
  return {
    path: '/proc/locks',
    sizeBytes: () => 0,
    read: (into, position) => bytes.copy(into, 0, position),
    readCold: async () => 0,
    close: () => {},
  }
}
