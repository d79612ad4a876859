import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { createLog, openLog } from '../../../../src/lib/log/write/open-log.ts'
import type { LogSettings } from '../../../../src/lib/log/write/partition-log.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import type { AppendableFile, Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { batchOf, defaults, LogRig, turns } from './log-rig.ts'

const topicId = 'c2VhLW9mLXJlY29yZHMtMQ'
const start = 1_700_000_000_000

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

function create(settings: Partial<LogSettings> = {}, disk: Disk = systemDisk): WritableLog {
  return createLog(rig.room(disk), join(rig.path, 'orders-0'), { ...defaults, ...settings }, topicId)
}

/** Four segments of two batches each, half an hour between batches. */
function fourSegments(settings: Partial<LogSettings> = {}): WritableLog {
  const log = create(settings)
  for (let offset = 0; offset < 8; offset++) {
    if (offset > 0 && offset % 2 === 0) log.roll()
    log.append(batchOf(offset, { timestamp: start + offset * 1_800_000 }))
  }
  log.raiseHighWatermark(8)
  return log
}

function bases(): number[] {
  return rig.folder('orders-0').segments.map(({ baseOffset }) => Number(baseOffset))
}

const hour = 3_600_000

describe('the segments of a log go', () => {
  it('when all in them is older than is to be kept, and no sooner', () => {
    const log = fourSegments({ retentionMs: hour })
    expect(log.deleteOldSegments(start + 1_800_000 + hour)).toBe(0)
    expect(log.deleteOldSegments(start + 1_800_000 + hour + 1)).toBe(1)
    expect(log.logStartOffset).toBe(2)
    expect(log.deleteOldSegments(start + 7 * 1_800_000 + hour)).toBe(2)
    expect(bases()).toEqual([6])
  })

  it('even the one that is written to, when that is too old; a new one takes its place', () => {
    const log = fourSegments({ retentionMs: hour })
    expect(log.deleteOldSegments(start + 100 * hour)).toBe(4)
    expect(bases()).toEqual([8])
    expect([log.logStartOffset, log.logEndOffset]).toEqual([8, 8])
    log.append(batchOf(8))
    expect(log.read(8, { maxBytes: 1000, upTo: 9, atLeastOne: true })?.baseOffset).toBe(8)
  })

  it('for their size, as long as enough is left', () => {
    const { length } = batchOf(0)
    const log = fourSegments({ retentionBytes: 4 * length + 1, retentionMs: -1 })
    expect(log.deleteOldSegments(start)).toBe(1)
    expect(log.sizeBytes).toBe(6 * length)
    log.configure({ ...defaults, retentionMs: -1, retentionBytes: 4 * length })
    expect(log.deleteOldSegments(start)).toBe(1)
    expect(log.deleteOldSegments(start)).toBe(0)
  })

  it('below the log start, also of a compacted topic, which keeps all others', () => {
    const log = fourSegments({ cleanupPolicy: new Set(['compact'] as const), retentionMs: 1 })
    log.raiseLogStart(5)
    expect(log.deleteOldSegments(start + 100 * hour)).toBe(2)
    expect(bases()).toEqual([4, 6])
    expect(log.logStartOffset).toBe(5)
  })

  it('not where the high watermark has not come', () => {
    const log = create({ retentionMs: 1 })
    log.append(batchOf(0))
    log.roll()
    log.append(batchOf(1))
    expect(log.deleteOldSegments(start + hour)).toBe(0)
    log.raiseHighWatermark(1)
    expect(log.deleteOldSegments(start + hour)).toBe(1)
  })

  it('under another name first, with their snapshot, until the delay is over', () => {
    const log = fourSegments({ retentionMs: hour })
    log.deleteOldSegments(start + 4 * 1_800_000 + hour)
    const deleted = () => Object.keys(rig.files('orders-0')).filter((name) => name.endsWith('.deleted'))
    const files = ['index', 'log', 'timeindex']
    expect(deleted()).toEqual([
      ...files.map((kind) => `00000000000000000000.${kind}.deleted`),
      ...['index', 'log', 'snapshot', 'timeindex'].map((kind) => `00000000000000000002.${kind}.deleted`),
    ])
    rig.clock.pass(60_000)
    expect(deleted()).toEqual([])
  })
})

describe('a log rolls', () => {
  it('by the times in the records, against the first batch of the segment', () => {
    const log = create({ segmentMs: 1000 })
    log.append(batchOf(0, { timestamp: start }))
    log.append(batchOf(1, { timestamp: start + 1000 }))
    expect(bases()).toEqual([0])
    log.append(batchOf(2, { timestamp: start + 1001 }))
    expect(bases()).toEqual([0, 2])
  })

  it('by the clock, where records have no times', () => {
    const log = create({ segmentMs: 1000 })
    log.append(batchOf(0, { timestamp: -1 }))
    rig.clock.pass(1000)
    log.append(batchOf(1, { timestamp: -1 }))
    expect(bases()).toEqual([0])
    rig.clock.pass(1)
    log.append(batchOf(2, { timestamp: -1 }))
    expect(bases()).toEqual([0, 2])
  })

  it('sooner where what is compacted is not to lag so far', () => {
    const compacted = { cleanupPolicy: new Set(['compact'] as const), maxCompactionLagMs: 10 }
    const log = create({ ...compacted, segmentMs: 1000 })
    log.append(batchOf(0, { timestamp: start }))
    log.append(batchOf(1, { timestamp: start + 11 }))
    expect(bases()).toEqual([0, 1])
  })

  it('where an offset is too far from the base for an index', () => {
    const log = create()
    log.append(batchOf(0))
    log.append(batchOf(2 ** 31 - 1))
    expect(bases()).toEqual([0])
    log.append(batchOf(2 ** 31))
    expect(bases()).toEqual([0, 2 ** 31])
  })

  it('and leaves whole files behind, also where room was kept for more', async () => {
    const log = create({ preallocate: true, segmentBytes: 4096, segmentIndexBytes: 1000 })
    log.append(batchOf(0))
    expect(rig.files('orders-0')).toMatchObject({
      '00000000000000000000.log': 4096,
      '00000000000000000000.index': 1000,
      '00000000000000000000.timeindex': 996,
    })
    log.roll()
    expect(rig.files('orders-0')).toMatchObject({
      '00000000000000000000.log': batchOf(0).length,
      '00000000000000000000.index': 0,
      '00000000000000000000.timeindex': 12,
      '00000000000000000001.log': 4096,
    })
    await log.close()
    expect(rig.files('orders-0')).toMatchObject({ '00000000000000000001.log': 0 })
  })
})

describe('what is flushed', () => {
  it('moves the recovery point to the end that the log had when it was asked', async () => {
    const log = create()
    log.append(batchOf(0))
    const flushed = log.flush()
    log.append(batchOf(1))
    expect(await flushed).toBe(1)
    expect(log.recoveryPoint).toBe(1)
    log.roll()
    log.append(batchOf(2))
    expect(await log.flush()).toBe(3)
    expect(log.isDirty).toBe(false)
  })

  it('is every file of the log and the names of them all', async () => {
    const flushed = new Set<string>()
    const log = create({}, watched(systemDisk, { flush: (path) => flushed.add(path) }))
    log.beginEpoch(0)
    log.append(batchOf(0, { producerId: 1, producerEpoch: 0, baseSequence: 0 }))
    log.roll()
    log.append(batchOf(1))
    await log.flush()
    const names = ['log', 'index', 'timeindex'].map((kind) => `00000000000000000000.${kind}`)
    const others = ['00000000000000000001.log', '00000000000000000001.snapshot', 'leader-epoch-checkpoint']
    for (const name of [...names, ...others, 'partition.metadata', '.']) {
      expect(flushed).toContain(join(rig.path, 'orders-0', name))
    }
  })
})

describe('a flush under way', () => {
  it('makes no file anew that goes meanwhile', async () => {
    const log = fourSegments({ retentionMs: hour })
    const flushed = log.flush()
    log.deleteOldSegments(start + 100 * hour)
    await flushed
    expect(Object.keys(rig.files('orders-0')).filter((name) => name.endsWith('.log'))).toEqual([
      '00000000000000000008.log',
    ])
  })

  it('is in vain where the folder goes', async () => {
    const log = fourSegments()
    const flushed = log.flush()
    renameSync(log.path, `${log.path}-gone`)
    log.retire(`${log.path}-gone`)
    rmSync(log.path, { recursive: true })
    await flushed
    expect(readdirSync(rig.path)).toEqual([])
  })

  it('that fails is the last: nothing is written or flushed any more', async () => {
    let isBroken = true
    const disk = watched(systemDisk, {
      flush: () => {
        if (isBroken) throw new FailedError('disk-error', 'input/output error')
      },
    })
    const log = create({}, disk)
    log.append(batchOf(0))
    await expect(log.flush()).rejects.toMatchObject({ code: 'disk-error' })
    isBroken = false
    await expect(log.flush()).rejects.toMatchObject({ code: 'log-broken' })
    expect(() => log.append(batchOf(1))).toThrow(expect.objectContaining({ code: 'log-broken' }))
    await expect(log.close()).rejects.toMatchObject({ code: 'log-broken' })
    expect(log.recoveryPoint).toBe(0)
  })
})

describe('a log that is closed', () => {
  it('takes nothing more, since the next start would not look for it', async () => {
    const log = create()
    log.append(batchOf(0))
    await log.close()
    const files = rig.files('orders-0')
    expect(() => log.append(batchOf(1))).toThrow(expect.objectContaining({ code: 'log-gone' }))
    expect(rig.files('orders-0')).toEqual(files)
  })
})

describe('a disk that refuses', () => {
  it('leaves the log as it was, and half of a batch is not there afterwards', async () => {
    let isFull = false
    const disk = watched(systemDisk, {
      write: (file, bytes, position) => {
        if (!isFull) return file.write(bytes, position)
        file.write(bytes.subarray(0, 20), position)
        throw new FailedError('disk-full', 'no space is left')
      },
    })
    const log = create({}, disk)
    log.append(batchOf(0, { producerId: 4, producerEpoch: 0, baseSequence: 0 }))
    isFull = true
    const refused = batchOf(1, { producerId: 4, producerEpoch: 0, baseSequence: 1, isTransactional: true })
    expect(() => log.append(refused)).toThrow(expect.objectContaining({ code: 'disk-full' }))
    expect(log.logEndOffset).toBe(1)
    expect(log.producer(4)?.batches).toHaveLength(1)
    expect(rig.files('orders-0')['00000000000000000000.log']).toBe(batchOf(0).length)
    isFull = false
    log.append(batchOf(1))
    log.rest()
    const again = await openLog(rig.room(), log.path, defaults, { isClean: false, turns })
    expect(again.logEndOffset).toBe(2)
  })

  it('is written to again once half a batch could be taken back that was left behind', () => {
    let isBroken = false
    const disk = watched(systemDisk, {
      write: (file, bytes, position) => {
        if (!isBroken) return file.write(bytes, position)
        file.write(bytes.subarray(0, 20), position)
        throw new FailedError('disk-error', 'input/output error')
      },
      truncate: (file, sizeBytes) => {
        if (isBroken) throw new FailedError('disk-error', 'input/output error')
        file.truncate(sizeBytes)
      },
    })
    const log = create({}, disk)
    log.append(batchOf(0))
    isBroken = true
    expect(() => log.append(batchOf(1))).toThrow(expect.objectContaining({ code: 'disk-error' }))
    expect(() => log.append(batchOf(1))).toThrow(expect.objectContaining({ code: 'disk-error' }))
    expect(log.logEndOffset).toBe(1)
    expect([...log.batches(0)]).toHaveLength(1)
    isBroken = false
    log.append(batchOf(1))
    expect(rig.files('orders-0')['00000000000000000000.log']).toBe(2 * batchOf(0).length)
  })

  it.each([
    ['the next segment', '00000000000000000001.index'],
    ['the segment before', '00000000000000000000.index'],
  ])('leaves no more files open with each try to roll, where it refuses the index of %s', (_, refused) => {
    let isFull = false
    const open: string[] = []
    const disk = watched(systemDisk, {
      opened: (path) => open.push(path),
      closed: (path) => open.splice(open.indexOf(path), 1),
      truncateIndex: (path) => {
        if (isFull && path.endsWith(refused)) throw new FailedError('disk-full', 'no space is left')
      },
    })
    const log = create({ segmentBytes: 500 }, disk)
    log.append(batchOf(0, { valueBytes: 300 }))
    const before = [...open]
    isFull = true
    for (let tries = 0; tries < 3; tries++) {
      expect(() => log.append(batchOf(1, { valueBytes: 300 }))).toThrow('no space is left')
    }
    expect(open).toEqual(before)
    isFull = false
    log.append(batchOf(1, { valueBytes: 300 }))
    expect(bases()).toEqual([0, 1])
    expect(open).toEqual([join(log.path, '00000000000000000001.log')])
  })
})

interface Watch {
  readonly flush?: (path: string) => unknown
  readonly write?: (file: AppendableFile, bytes: Uint8Array, position: number) => void
  readonly truncate?: (file: AppendableFile, sizeBytes: number) => void
  readonly truncateIndex?: (path: string) => void
  readonly opened?: (path: string) => void
  readonly closed?: (path: string) => void
}

function watched(disk: Disk, { flush, write, truncate, truncateIndex, opened, closed }: Watch): Disk {
  return {
    ...disk,
    async flushFolder(path) {
      flush?.(path)
      await disk.flushFolder(path)
    },
    openToAppend(path) {
      const file = disk.openToAppend(path)
      const isLog = path.endsWith('.log')
      opened?.(path)
      return {
        path,
        sizeBytes: () => file.sizeBytes(),
        read: (into, position) => file.read(into, position),
        readCold: (into, position) => file.readCold(into, position),
        append: (bytes) => file.append(bytes),
        close() {
          closed?.(path)
          file.close()
        },
        write: (bytes, position) =>
          isLog && write ? write(file, bytes, position) : file.write(bytes, position),
        truncate(size) {
          if (path.endsWith('.index')) truncateIndex?.(path)
          if (isLog && truncate) truncate(file, size)
          else file.truncate(size)
        },
        flush() {
          flush?.(path.replace(/\.tmp$/, ''))
          return file.flush()
        },
      }
    },
  }
}
