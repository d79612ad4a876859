import { readdirSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { findByOffset } from '../../../../src/lib/log/lookup/find-by-offset.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { goldenLines } from '../../../golden/vectors.ts'
import { casesOf, pathInDisk } from './golden-partitions.ts'

interface Line {
  readonly kind: string
  readonly offset: number
  readonly timestamp: number
}

describe('findByOffset', () => {
  test.each(partitions())(
    'gives the first record at or behind each offset of $title',
    ({ path, expected }) => {
      const folder = openPartitionFolder(systemDisk, path)
      const records = expected
        .flatMap((file) => goldenLines<Line>(file))
        .filter(({ kind }) => kind === 'record')
      const end = (records.at(-1)?.offset ?? 0) + 1
      const bounds = { logStartOffset: 0, highWatermark: end }
      for (let offset = 0; offset < end; offset++) {
        const wanted = records.find((record) => record.offset >= offset)
        const { found, remarks, damages } = findByOffset(systemDisk, folder, bounds, offset)
        expect({ offset: found?.offset, timestamp: found?.timestamp }, `from ${offset}`).toEqual({
          offset: wanted?.offset,
          timestamp: wanted?.timestamp,
        })
        expect([...remarks, ...damages]).toEqual([])
      }
    },
  )

  it('gives nothing outside of what consumers can read, and says why', () => {
    const folder = openPartitionFolder(systemDisk, pathInDisk('segments/txn-v2/txn-v2-0'))
    const reason = (offset: number) =>
      findByOffset(systemDisk, folder, { logStartOffset: 68, highWatermark: 150 }, offset).reason
    expect(reason(67)).toBe('offset 67 lies below the log start, which is 68')
    expect(reason(150)).toBe('offset 150 is not below the high watermark, which is 150')
    expect([reason(68), reason(149)]).toEqual([null, null])
  })

  it('goes on in the next segment where the cleaner has left nothing, and tells its way', () => {
    const folder = openPartitionFolder(systemDisk, pathInDisk('segments/compact-delete/compact-delete-0'))
    const { found, steps } = findByOffset(systemDisk, folder, { logStartOffset: 0, highWatermark: 300 }, 5)
    expect(found?.offset).toBe(197)
    expect(steps).toEqual([
      { file: '00000000000000000000.log', timeEntry: null, offsetEntry: null, scannedFrom: 0 },
      { file: '00000000000000000120.log', timeEntry: null, offsetEntry: null, scannedFrom: 0 },
    ])
  })
})

function partitions() {
  return readdirSync(pathInDisk('segments')).flatMap((name) =>
    casesOf(name).map(({ dir }) => {
      const folder = `expected/segments/${name}/${dir}`
      const files = readdirSync(pathInDisk(folder)).filter((file) => /^\d+\.log\.ndjson/.test(file))
      return {
        title: `${name}/${dir}`,
        path: pathInDisk(`segments/${name}/${dir}`),
        expected: files.sort().map((file) => `disk/${folder}/${file}`),
      }
    }),
  )
}
