import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { type BesideFacts, verifyPartition } from '../../../../src/lib/log/verify/verify-partition.ts'
import { type LogStore, openLogStore } from '../../../../src/lib/log/write/log-store.ts'
import type { Disk, ReadableFile } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { batchOf, defaults, LogRig, markerOf, turns } from './log-rig.ts'

const topicId = 'c2VhLW9mLXJlY29yZHMtMQ'
const otherId = 'b3RoZXItdG9waWMtaWQtMQ'

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
  const properties =
    'version=1\nnode.id=1\ncluster.id=Z29sZGVuLWRpc2stMDAwMQ\ndirectory.id=537ZaSDgolu1I7yFE24AyA\n'
  writeFileSync(join(rig.path, 'meta.properties'), properties)
})

afterEach(() => rig.remove())

const beside: BesideFacts = {
  logStartOffset: undefined,
  highWatermark: undefined,
  recoveryPoint: undefined,
  cleanerOffset: undefined,
  nextStart: null,
  isAlive: false,
  isKraft: true,
}

/** A store that knows topics by these ids. */
async function open(...known: string[]): Promise<LogStore> {
  const store = await openLogStore(rig.room(), rig.dirs)
  await store.load((_topic, _partition, id) => (known.includes(id) ? defaults : null))
  return store
}

function text(name: string): string {
  return readFileSync(join(rig.path, name), 'utf8')
}

function entries(): string[] {
  return readdirSync(rig.path).sort()
}

describe('the logs of a data directory', () => {
  it('are there again after a clean stop, with the epoch of the broker that stopped', async () => {
    const store = await open()
    const log = store.create('orders', 0, topicId, defaults)
    log.beginEpoch(4)
    log.append(batchOf(0, { count: 3, epoch: 4 }))
    log.raiseHighWatermark(3)
    store.create('empty', 11, otherId, defaults)
    await store.close(27)
    expect(text('.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":27}')
    expect(text('recovery-point-offset-checkpoint')).toBe('0\n2\norders 0 3\nempty 11 0\n')
    expect(text('replication-offset-checkpoint')).toBe('0\n2\norders 0 3\nempty 11 0\n')
    expect(text('log-start-offset-checkpoint')).toBe('0\n0\n')
    const again = await open(topicId, otherId)
    expect(again.isCleanStart).toBe(true)
    expect(again.previousBrokerEpoch).toBe(27)
    expect(existsSync(join(rig.path, '.kafka_cleanshutdown'))).toBe(false)
    const found = again.get('orders', 0)
    expect(found?.logEndOffset).toBe(3)
    expect(found?.highWatermark).toBe(3)
    expect(found?.recoveryPoint).toBe(3)
    expect(found?.latestEpoch).toBe(4)
    expect([...again.all()].map(({ topic, partition }) => `${topic} ${partition}`)).toEqual([
      'empty 11',
      'orders 0',
    ])
  })

  it('are recovered where nobody said goodbye', async () => {
    const store = await open()
    const log = store.create('orders', 0, topicId, defaults)
    for (let offset = 0; offset < 5; offset++) log.append(batchOf(offset))
    await store.flushDirty()
    await store.writeCheckpoints()
    log.append(batchOf(5))
    const again = await open(topicId)
    expect(again.isCleanStart).toBe(false)
    expect(again.previousBrokerEpoch).toBe(-1)
    expect(again.get('orders', 0)?.logEndOffset).toBe(6)
    expect(again.get('orders', 0)?.recoveryPoint).toBe(5)
  })

  it('keep a log start that lies above the first segment', async () => {
    const store = await open()
    const log = store.create('orders', 0, topicId, defaults)
    for (let offset = 0; offset < 5; offset++) log.append(batchOf(offset))
    log.raiseHighWatermark(5)
    log.raiseLogStart(3)
    await store.close(1)
    expect(text('log-start-offset-checkpoint')).toBe('0\n1\norders 0 3\n')
    expect((await open(topicId)).get('orders', 0)?.logStartOffset).toBe(3)
  })

  it('are set aside where the metadata does not know their topic, or they do not say which it is', async () => {
    const store = await open()
    store.create('orders', 0, topicId, defaults)
    store.create('old', 1, otherId, defaults)
    await store.close(1)
    mkdirSync(join(rig.path, 'nameless-2'))
    const again = await open(topicId)
    expect(again.get('old', 1)).toBeUndefined()
    const strays = entries().filter((name) => name.endsWith('-stray'))
    expect(strays).toEqual([
      expect.stringMatching(/^nameless-2\.[0-9a-f]{32}-stray$/),
      expect.stringMatching(/^old-1\.[0-9a-f]{32}-stray$/),
    ])
    expect(rig.lines).toHaveLength(2)
  })

  it('are renamed when they are deleted, and go after the delay', async () => {
    const store = await open()
    const log = store.create('orders', 0, topicId, defaults)
    log.append(batchOf(0))
    store.delete('orders', 0)
    expect(store.get('orders', 0)).toBeUndefined()
    expect(() => log.append(batchOf(1))).toThrow(expect.objectContaining({ code: 'log-gone' }))
    const deleted = () => entries().filter((name) => /^orders-0\.[0-9a-f]{32}-delete$/.test(name))
    expect(deleted()).toHaveLength(1)
    expect(store.create('orders', 0, otherId, defaults).logEndOffset).toBe(0)
    rig.clock.pass(59_999)
    expect(deleted()).toHaveLength(1)
    rig.clock.pass(1)
    expect(deleted()).toHaveLength(0)
    expect(entries()).toContain('orders-0')
  })

  it('are whole under their new name, indexes and aborted transactions as well', async () => {
    const store = await open()
    const log = store.create('orders', 0, topicId, { ...defaults, indexIntervalBytes: 1 })
    const producer = { producerId: 7, producerEpoch: 0 }
    for (let offset = 0; offset < 4; offset++) {
      log.append(batchOf(offset, { ...producer, baseSequence: offset, isTransactional: true }))
    }
    log.append(markerOf(4, 'ABORT', producer))
    store.delete('orders', 0)
    const [name = ''] = entries().filter((entry) => entry.endsWith('-delete'))
    const verdict = await verifyPartition(systemDisk, rig.folder(name), beside, { nowMs: 0, turns })
    expect(verdict.findings).toEqual([])
    expect(rig.files(name)).toMatchObject({
      '00000000000000000000.index': 4 * 8,
      '00000000000000000000.txnindex': 34,
    })
  })

  it('go although a disk that is full does not take what their indexes lack', async () => {
    let isFull = false
    const full: Disk = {
      ...systemDisk,
      openToAppend(path) {
        if (isFull) throw new FailedError('disk-full', `no room for ${path}`)
        return systemDisk.openToAppend(path)
      },
    }
    const store = await openLogStore(rig.room(full), rig.dirs)
    const log = store.create('orders', 0, topicId, { ...defaults, indexIntervalBytes: 1 })
    for (let offset = 0; offset < 4; offset++) log.append(batchOf(offset))
    isFull = true
    store.delete('orders', 0)
    expect(entries().some((name) => name.endsWith('-delete'))).toBe(true)
    expect(entries()).not.toContain('orders-0')
  })

  it('are deleted after the next start where the last one did not come to it', async () => {
    const store = await open()
    store.create('orders', 0, topicId, defaults)
    store.delete('orders', 0)
    await store.close(1)
    rig.clock.pass(100_000)
    const deleted = () => entries().filter((name) => name.endsWith('-delete'))
    expect(deleted()).toHaveLength(1)
    await open()
    rig.clock.pass(60_000)
    expect(deleted()).toEqual([])
  })

  it('cut the name of a long topic short, as it is renamed', async () => {
    const store = await open()
    const topic = 't'.repeat(249)
    store.create(topic, 0, topicId, defaults)
    store.delete(topic, 0)
    const [name = ''] = entries().filter((entry) => entry.endsWith('-delete'))
    expect(name).toHaveLength(255)
    expect(name).toMatch(/^t+-0\.[0-9a-f]{32}-delete$/)
  })

  it('have no file open once nobody writes to them', async () => {
    const store = await open()
    const log = store.create('orders', 0, topicId, defaults)
    expect(log.isOpen).toBe(false)
    log.append(batchOf(0))
    await store.flushDirty()
    expect(log.isOpen).toBe(true)
    await store.flushDirty()
    expect(log.isOpen).toBe(false)
    log.append(batchOf(1))
    expect([...log.batches(0)]).toHaveLength(2)
  })

  it('are refused with a checkpoint that cannot be read, and nothing is touched', async () => {
    await (await open()).close(1)
    writeFileSync(join(rig.path, 'recovery-point-offset-checkpoint'), 'what?')
    await expect(open()).rejects.toMatchObject({ code: 'corrupt-checkpoint' })
    expect(entries()).toContain('.kafka_cleanshutdown')
  })

  it('leave no file open when one of them cannot be closed, and no mark of a clean stop', async () => {
    const counting = new CountingDisk()
    const store = await openLogStore(rig.room(counting.disk), rig.dirs)
    for (const topic of ['orders', 'other']) {
      const log = store.create(topic, 0, topicId, defaults)
      log.append(batchOf(0))
      log.append(batchOf(1))
      log.roll()
      // Of the segment that is written to no more, the file is kept open for whoever reads it next.
      log.read(0, { maxBytes: 100, upTo: 2, atLeastOne: true })?.file.read(Buffer.alloc(10), 0)
    }
    expect(counting.openPaths.size).toBeGreaterThan(2)
    counting.refusesFlush = (path) => path.includes('orders-0')
    await expect(store.close(1)).rejects.toMatchObject({ code: 'disk-error' })
    expect([...counting.openPaths]).toEqual([])
    expect(entries()).not.toContain('.kafka_cleanshutdown')
  })

  it('keep the metadata log apart, which knows no clean stop and stands in no checkpoint', async () => {
    const store = await open()
    const log = await store.openMetadataLog(defaults)
    log.append(batchOf(0, { epoch: 1 }))
    await store.close(1)
    expect(text('recovery-point-offset-checkpoint')).toBe('0\n0\n')
    expect(text('__cluster_metadata-0/partition.metadata')).toBe(
      'version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ',
    )
    const again = await open()
    expect([...again.all()]).toEqual([])
    expect((await again.openMetadataLog(defaults)).logEndOffset).toBe(1)
  })
})

describe('a data directory of hundreds of partitions', () => {
  it('is opened at a thousand in two seconds', async () => {
    const store = await openLogStore(rig.room(withoutFlush), rig.dirs)
    for (let i = 0; i < 300; i++) {
      const log = store.create(`topic-${i % 10}`, Math.floor(i / 10), topicId, defaults)
      log.append(batchOf(0, { count: 2 }))
    }
    await store.close(1)
    // What the machine does for others meanwhile does not count.
    const before = process.cpuUsage()
    const again = await open(topicId)
    const { user, system } = process.cpuUsage(before)
    expect([...again.all()].filter(({ logEndOffset }) => logEndOffset === 2)).toHaveLength(300)
    expect((user + system) / 1000).toBeLessThan(600)
  }, 60_000)
})

/** Knows what is open on it, and refuses flushes when it is told to. */
class CountingDisk {
  readonly openPaths = new Set<string>()
  refusesFlush: (path: string) => boolean = () => false

  readonly disk: Disk = {
    ...systemDisk,
    openToRead: (path) => this.#counted(systemDisk.openToRead(path)),
    openToAppend: (path) => {
      const file = systemDisk.openToAppend(path)
      const flush = file.flush.bind(file)
      file.flush = async () => {
        if (this.refusesFlush(path)) throw new FailedError('disk-error', `cannot flush ${path}`)
        return flush()
      }
      return this.#counted(file)
    },
  }

  #counted<F extends ReadableFile>(file: F): F {
    const name = `${file.path} ${this.#opened++}`
    const close = file.close.bind(file)
    this.openPaths.add(name)
    file.close = () => {
      this.openPaths.delete(name)
      close()
    }
    return file
  }

  #opened = 0
}

/** Nobody cuts the power here. */
const withoutFlush: Disk = {
  ...systemDisk,
  openToAppend(path) {
    const file = systemDisk.openToAppend(path)
    file.flush = async () => file.sizeBytes()
    return file
  },
  flushFolder: async () => {},
}
