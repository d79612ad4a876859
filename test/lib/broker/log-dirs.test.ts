import { beforeEach, describe, expect, it } from 'vitest'
import { alterReplicaLogDirs } from '../../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { describeLogDirs } from '../../../src/lib/protocol/apis/describe-log-dirs.ts'
import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import { batchAt } from '../../../src/lib/records/scan-batches.ts'
import { NodeRig } from './apis/node-rig.ts'
import { sentBatch } from './apis/record-batches.ts'

const RATE = 'replica.alter.log.dirs.io.max.bytes.per.second'
const DISKS = ['/one', '/two', '/six']

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open({ logDirs: DISKS, topics: [{ name: 'orders', partitions: 4 }] })
})

/** How many bytes a second are copied; at 0 a move stays under way. */
function allow(rate: string | null): void {
  rig.node.controller.alterConfigs('broker', '', new Map([[RATE, rate]]))
}

async function move(path: string, name = 'orders', partition = 0): Promise<number> {
  const dirs = [{ path, topics: [{ name, partitions: [partition] }] }]
  const { results } = await rig.clock.until(rig.ask(alterReplicaLogDirs, 2, { dirs }))
  return results[0]?.partitions[0]?.errorCode ?? -1
}

/** Lines of each directory: partitions, and copies that are being made with how far they are behind. */
async function lying(): Promise<Record<string, string[]>> {
  const { results } = await rig.ask(describeLogDirs, 5, { topics: null })
  return Object.fromEntries(
    results.map(({ logDir, topics }) => [
      logDir,
      topics.flatMap(({ name, partitions }) =>
        partitions.map(
          ({ partitionIndex, isFutureKey, offsetLag }) =>
            `${name}-${partitionIndex}${isFutureKey ? ` future ${offsetLag}` : ''}`,
        ),
      ),
    ]),
  )
}

/** Which directory the metadata has for each partition of a topic. */
function assigned(topic = 'orders'): string[] {
  const paths = new Map(
    DISKS.map((path) => [/directory\.id=(.*)/.exec(text(`${path}/meta.properties`))?.[1], path]),
  )
  const { partitions } = rig.node.controller.topicByName(topic) ?? { partitions: new Map() }
  return [...partitions.values()].map(({ directories: [id = ''] }) => paths.get(id) ?? id)
}

function write(count: number, partition = 0): void {
  for (let i = 0; i < count; i++) {
    const batch = sentBatch([{ timestamp: 1000 + i, value: `value ${i}` }])
    append(batch, partition)
  }
}

function append(bytes: Buffer, partition = 0): void {
  const batch = batchAt(bytes, 0)
  if (!(batch instanceof DefaultRecordBatch)) throw new Error('no batch')
  rig.partition('orders', partition).appendClientBatch(batch)
}

function text(path: string): string {
  const file = rig.disk.openToRead(path)
  const bytes = Buffer.alloc(file.sizeBytes())
  file.read(bytes, 0)
  return bytes.toString('utf8')
}

function names(folder: string): string[] {
  return rig.disk.list(folder).map(({ name }) => name)
}

function bytesOf(partition = 0): string {
  const { log } = rig.partition('orders', partition)
  return [...log.batches(0)].map(({ baseOffset, crc }) => `${baseOffset} ${crc}`).join('\n')
}

describe('the directories of a broker', () => {
  it('get new partitions where there are the fewest, and the metadata says where', async () => {
    expect(await lying()).toEqual({
      '/one': ['orders-0', 'orders-3'],
      '/two': ['orders-1'],
      '/six': ['orders-2'],
    })
    expect(assigned()).toEqual(['/one', '/two', '/six', '/one'])
  })

  it('get a partition that is not there yet where somebody wished for it, once', async () => {
    expect(await move('/six', 'later')).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    expect(await move('/nowhere', 'later')).toBe(errorCodes.LOG_DIR_NOT_FOUND)
    const wish = {
      name: 'later',
      partitions: 2,
      replicationFactor: -1,
      assignments: null,
      configs: new Map(),
    }
    rig.node.controller.createTopic(wish)
    expect(assigned('later')).toEqual(['/six', '/two'])
  })

  it('are found again by the next broker, each with its own checkpoints and mark', async () => {
    write(3, 1)
    await rig.restart()
    expect(await lying()).toMatchObject({ '/one': ['orders-0', 'orders-3'], '/two': ['orders-1'] })
    expect(rig.partition('orders', 1).logEndOffset).toBe(3)
    expect(text('/two/recovery-point-offset-checkpoint')).toBe('0\n1\norders 1 3\n')
    expect(text('/one/recovery-point-offset-checkpoint')).toBe('0\n2\norders 0 0\norders 3 0\n')
  })
})

describe('a partition that moves', () => {
  it('is copied byte for byte, and lies in the other directory alone', async () => {
    write(100)
    const before = bytesOf()
    expect(await move('/two')).toBe(0)
    await rig.clock.pass(1000)
    expect(await lying()).toMatchObject({ '/one': ['orders-3'], '/two': ['orders-0', 'orders-1'] })
    expect(bytesOf()).toBe(before)
    expect(assigned()[0]).toBe('/two')
    expect(names('/one').filter((name) => name.startsWith('orders-0'))).toEqual([
      expect.stringMatching(/^orders-0\.[0-9a-f]{32}-delete$/),
    ])
    expect(text('/one/recovery-point-offset-checkpoint')).not.toContain('orders 0')
    expect(text('/two/recovery-point-offset-checkpoint')).toContain('orders 0 100')
    await rig.clock.pass(61_000)
    expect(names('/one').filter((name) => name.startsWith('orders-0'))).toEqual([])
    write(1)
    expect(rig.partition().logEndOffset).toBe(101)
  })

  it('is written to meanwhile, and tells how far its copy is behind', async () => {
    write(10)
    allow('0')
    await move('/two')
    await rig.clock.pass(100)
    write(2)
    expect(await lying()).toMatchObject({
      '/one': ['orders-0', 'orders-3'],
      '/two': ['orders-0 future 12', 'orders-1'],
    })
    allow(null)
    await rig.clock.pass(3000)
    expect(await lying()).toMatchObject({ '/one': ['orders-3'], '/two': ['orders-0', 'orders-1'] })
    expect(rig.partition().logEndOffset).toBe(12)
  })

  it('stays if it is sent back to where it is, and goes elsewhere if it is sent elsewhere', async () => {
    allow('0')
    await move('/two')
    await move('/six')
    expect(await lying()).toMatchObject({ '/two': ['orders-1'], '/six': ['orders-0 future 0', 'orders-2'] })
    await move('/one')
    expect(await lying()).toMatchObject({ '/one': ['orders-0', 'orders-3'], '/six': ['orders-2'] })
    allow(null)
    await rig.clock.pass(3000)
    expect(assigned()[0]).toBe('/one')
  })

  it('goes with its topic, and with it its copy', async () => {
    allow('0')
    await move('/two')
    rig.node.controller.deleteTopic(rig.partition().topicId)
    expect(await lying()).toEqual({ '/one': [], '/two': [], '/six': [] })
    expect(names('/two').filter((name) => !/-delete$/.test(name) && name.startsWith('orders'))).toEqual([])
    allow(null)
    await rig.clock.pass(3000)
    expect(rig.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('goes on moving after a crash, from where it had come', async () => {
    write(50)
    allow('0')
    await move('/two')
    await rig.clock.pass(100)
    await rig.crash()
    expect(await lying()).toMatchObject({ '/two': ['orders-0 future 50', 'orders-1'] })
    allow(null)
    await rig.clock.pass(3000)
    expect(await lying()).toMatchObject({ '/one': ['orders-3'], '/two': ['orders-0', 'orders-1'] })
    expect(rig.partition().logEndOffset).toBe(50)
  })

  it('takes the epochs, the producers and the log start with it', async () => {
    append(
      sentBatch([{ timestamp: rig.clock.nowMs() }], { producerId: 7, producerEpoch: 1, baseSequence: 0 }),
    )
    write(5)
    await rig.restart()
    write(5)
    rig.partition().deleteRecordsBelow(4)
    const { log } = rig.partition()
    const facts = () => {
      const { log: now } = rig.partition()
      return [
        now.logStartOffset,
        now.highWatermark,
        now.latestEpoch,
        now.endOffsetOfEpoch(0),
        now.producer(7)?.batches,
      ]
    }
    const before = facts()
    await move('/two')
    await rig.clock.pass(1000)
    expect(rig.partition().log).not.toBe(log)
    expect(facts()).toEqual(before)
    await rig.restart()
    expect(facts().slice(0, 2)).toEqual(before.slice(0, 2))
    expect(rig.partition().log.producer(7)?.batches).toHaveLength(1)
  })
})
