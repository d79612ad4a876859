import { describe, expect, it } from 'vitest'
import { OpenSegment } from '../../../../src/lib/log/lookup/open-segment.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import type { ReadableDisk, ReadableFile } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { pathInDisk } from './golden-partitions.ts'

/** Of logs it says what it is told to: a broker writes to them. */
function saying(logBytes: (look: number, sizeBytes: number) => number): ReadableDisk {
  return {
    list: (folder) => systemDisk.list(folder),
    stat: (path) => systemDisk.stat(path),
    openToRead(path) {
      const file = systemDisk.openToRead(path)
      return path.endsWith('.log') ? told(file, logBytes) : file
    },
  }
}

function told(file: ReadableFile, logBytes: (look: number, sizeBytes: number) => number): ReadableFile {
  let looks = 0
  return {
    path: file.path,
    sizeBytes: () => logBytes(looks++, file.sizeBytes()),
    read: (into, position) => file.read(into, position),
    readCold: (into, position) => file.readCold(into, position),
    close: () => file.close(),
  }
}

describe('a segment whose index a broker has gone on with', () => {
  const path = pathInDisk('segments/roll-index/roll-index-0')
  const folder = openPartitionFolder(systemDisk, path)
  const [segment] = folder.segments
  if (segment === undefined) throw new Error('there is no segment')
  const whole = new OpenSegment(systemDisk, folder, segment)
  const last = whole.lastStart()
  const index = whole.offsetIndex()
  whole.close()

  it('is searched from the last entry that leads into what was there of the log', () => {
    const grown = saying((look, sizeBytes) => (look === 0 ? last.position : sizeBytes))
    const open = new OpenSegment(grown, folder, segment)
    const before = index?.entry(index.count - 2)
    expect([open.endBytes, open.lastStart()]).toEqual([
      last.position,
      { position: before?.position, entry: before },
    ])
    expect([...open.remarks]).toEqual([])
    open.close()
  })

  it('is searched from its beginning where the log has not grown so far', () => {
    const cut = saying(() => last.position)
    const open = new OpenSegment(cut, folder, segment)
    expect(open.lastStart()).toEqual({ position: 0, entry: null })
    expect([...open.remarks]).toEqual([expect.stringContaining(`and the log has ${last.position} bytes`)])
    open.close()
  })
})
