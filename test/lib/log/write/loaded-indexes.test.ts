import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CountedDisk } from '../../../../src/lib/log/lookup/counted-disk.ts'
import { createLog } from '../../../../src/lib/log/write/open-log.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { batchOf, defaults, LogRig } from './log-rig.ts'

it('keeps the indexes of the closed segments in memory that were looked into last', () => {
  const rig = new LogRig()
  const counted = new CountedDisk(rig.disk)
  const disk: Disk = { ...rig.disk, openToRead: (file) => counted.openToRead(file) }
  const settings = { ...defaults, indexIntervalBytes: 1 }
  const log = createLog(rig.room(disk), join(rig.path, 'orders-0'), settings, 'c2VhLW9mLXJlY29yZHMtMQ')
  for (let offset = 0; offset < 120; offset++) {
    if (offset % 3 === 0) log.roll()
    log.append(batchOf(offset))
  }
  const opened = (offset: number) => {
    const before = counted.readBytes
    log.read(offset, { maxBytes: 1, upTo: 120, atLeastOne: true })
    return counted.readBytes - before
  }
  const cold = opened(0)
  const warm = opened(0)
  expect(cold - warm).toBe(2 * 8)
  for (let offset = 3; offset < 3 * 33; offset += 3) opened(offset)
  expect(opened(0)).toBe(cold)
  expect(opened(0)).toBe(warm)
  rig.remove()
})
