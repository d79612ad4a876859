import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFlush } from '../../../../src/lib/log/write/log-flush.ts'
import { ProducerSnapshots } from '../../../../src/lib/log/write/producer-snapshots.ts'
import { LogRig } from './log-rig.ts'

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

function offsets(): number[] {
  return readdirSync(rig.path).map((name) => Number(name.slice(0, 20)))
}

describe('the producer snapshots of a log', () => {
  it('are taken once at an offset', () => {
    const snapshots = new ProducerSnapshots(rig.disk, new LogFlush(rig.disk), 0, 0)
    const place = { path: rig.path, logEndOffset: 7, sizeBytes: 500 }
    expect(snapshots.take({ ...place, logEndOffset: 0 }, [])).toBeUndefined()
    expect(snapshots.take(place, [])).toMatch(/00000000000000000007\.snapshot$/)
    expect(snapshots.take(place, [])).toBeUndefined()
  })

  it('are two at most within a segment, however long it grows, and none where little was written', () => {
    const snapshots = new ProducerSnapshots(rig.disk, new LogFlush(rig.disk), 0, 0)
    const at = (logEndOffset: number) => ({
      path: rig.path,
      logEndOffset,
      sizeBytes: logEndOffset * 1024 ** 2,
    })
    snapshots.take(at(10), [])
    for (const end of [12, 26, 27, 44, 50, 62, 80]) snapshots.takeForCheckpoint(at(end), [])
    expect(offsets()).toEqual([10, 62, 80])
  })
})
