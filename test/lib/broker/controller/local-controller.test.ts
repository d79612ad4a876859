import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formattedFeatures } from '../../../../src/lib/broker/controller/features.ts'
import type { LocalController } from '../../../../src/lib/broker/controller/local-controller.ts'
import { snapshotBytes } from '../../../../src/lib/broker/controller/snapshot-bytes.ts'
import { readMetadataLog } from '../../../../src/lib/log/cluster/metadata-log.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { featureLevelRecord } from '../../../../src/lib/protocol/records/cluster-metadata-records.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { goldenDirectory } from '../../log/cluster/golden-directories.ts'
import { ControllerRig, wish } from './controller-rig.ts'

let rig: ControllerRig

beforeEach(() => {
  rig = new ControllerRig()
})

afterEach(() => {
  rig.remove()
})

const logPath = () => join(rig.path, '__cluster_metadata-0')

/** As another program reads it. */
function imageOnDisk() {
  const read = readMetadataLog(systemDisk, openPartitionFolder(systemDisk, logPath()))
  expect(read).toMatchObject({ isWhole: true, problems: [] })
  return read.image
}

function leaders(controller: LocalController, topic: string): [number, number][] {
  return [...(controller.topicByName(topic)?.partitions.values() ?? [])].map((each) => [
    each.leader,
    each.leaderEpoch,
  ])
}

function batchesOf(path: string): RecordBatch[] {
  return [...scanBatches(readFileSync(path))].filter((found) => found.kind !== 'damage')
}

/** Without the time that is in the header of a snapshot. */
function valuesOf(batch: RecordBatch): (string | undefined)[] {
  const values: (string | undefined)[] = []
  for (const cursor = openRecords(batch); cursor.next(); ) values.push(cursor.value?.toString('hex'))
  return values
}

describe('a controller on a directory that is not there yet', () => {
  it('formats it, finalizes what it serves, and registers itself as controller and broker', async () => {
    const controller = await rig.start()

    expect(controller.epoch).toBe(1)
    expect(Object.fromEntries(controller.features())).toEqual({
      'metadata.version': 30,
      'eligible.leader.replicas.version': 1,
      'group.version': 1,
      'share.version': 1,
      'streams.version': 1,
      'transaction.version': 2,
    })
    const image = imageOnDisk()
    expect(image.endOffset).toBe(controller.endOffset)
    expect(image.controllerId).toBe(1)
    expect(image.brokers.get(1)).toMatchObject({
      epoch: controller.brokerEpoch,
      isFenced: false,
      endpoints: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9092, securityProtocol: 'PLAINTEXT' }],
    })
    const meta = readFileSync(join(rig.path, 'meta.properties'), 'utf8')
    expect(meta).toMatch(
      /^#\n#Tue Nov 14 22:13:20 UTC 2023\nnode\.id=1\ndirectory\.id=[\w-]{22}\nversion=1\ncluster\.id=[\w-]{22}\n$/,
    )
    expect(meta).toContain(`cluster.id=${controller.clusterId}`)
    expect(readFileSync(join(logPath(), 'quorum-state'), 'utf8')).toBe(
      '{"clusterId":"","leaderId":1,"leaderEpoch":1,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}',
    )
  })

  it('formats it as `kafka-storage format` of Apache Kafka 4.3.1 does', async () => {
    await rig.format()

    const ours = batchesOf(join(rig.path, 'bootstrap.checkpoint'))
    const kafkas = batchesOf(
      fileURLToPath(new URL('../../../golden/broker/bootstrap.checkpoint', import.meta.url)),
    )
    expect(ours.map(valuesOf)).toEqual(kafkas.map(valuesOf))
  })

  it('says of all brokers how many must be in sync, as the cluster keeps lists of eligible leaders', async () => {
    const controller = await rig.start({ 'min.insync.replicas': '2' })

    expect(Object.fromEntries(controller.configsOf('broker', ''))).toEqual({ 'min.insync.replicas': '2' })
  })

  it('goes on where a formatting broke off before it said whose the directory is', async () => {
    systemDisk.makeFolder(rig.path)
    writeFileSync(join(rig.path, 'bootstrap.checkpoint.tmp'), 'half')

    expect((await rig.start()).epoch).toBe(1)
  })

  it('leaves a folder alone that holds other things', async () => {
    systemDisk.makeFolder(rig.path)
    writeFileSync(join(rig.path, 'letter.txt'), 'dear')

    await expect(rig.open()).rejects.toThrow('holds files, and none of them is meta.properties')
  })
})

describe('a directory that an earlier ktool formatted', () => {
  const former = [
    featureLevelRecord.encodeFramed({ name: 'metadata.version', featureLevel: 30 }, 0),
    featureLevelRecord.encodeFramed({ name: 'transaction.version', featureLevel: 2 }, 0),
  ]
  const upgrades = () => rig.lines.filter((line) => line.includes('upgraded'))

  /** Formatted then, and used. */
  async function formerDirectory(): Promise<void> {
    await rig.format()
    const bytes = snapshotBytes(former, { epoch: 0, lastContainedMs: 0, nowMs: 0 })
    writeFileSync(join(rig.path, 'bootstrap.checkpoint'), bytes)
    const first = await rig.start()
    expect([...first.features().keys()]).toEqual(['metadata.version', 'transaction.version'])
    await rig.stop(first)
  }

  it('gets the levels of today when it is opened, and one line says so', async () => {
    await formerDirectory()

    const second = await rig.start()
    expect(second.features()).toEqual(new Map(formattedFeatures))
    expect(second.configsOf('broker', '').get('min.insync.replicas')).toBe('1')
    expect(upgrades()).toEqual([
      'info the directory was formatted by an earlier ktool and is upgraded: eligible.leader.replicas.version 1, group.version 1, share.version 1, streams.version 1',
    ])
  })

  it('is upgraded once: what somebody lowers later stays low', async () => {
    await formerDirectory()
    const second = await rig.start()
    second.setFeatures(new Map([['group.version', 0]]))
    await rig.stop(second)

    const third = await rig.start()
    expect(third.featureLevel('group.version')).toBe(0)
    expect(upgrades()).toHaveLength(1)
  })
})

describe('a controller that is opened again', () => {
  it('has all topics, partitions, configs and producer ids, and begins a new epoch', async () => {
    const first = await rig.start()
    const { topicId } = first.createTopic(wish('orders', { partitions: 2, configs: { 'retention.ms': '7' } }))
    first.createTopic(wish('gone'))
    first.deleteTopic(first.topicByName('gone')?.topicId ?? '')
    first.createPartitions(topicId, 3, null)
    first.alterConfigs(
      'topic',
      'orders',
      new Map([
        ['retention.ms', null],
        ['segment.bytes', '1048576'],
      ]),
    )
    first.alterConfigs('broker', '', new Map([['log.retention.ms', '9']]))
    expect(await first.allocateProducerIds()).toEqual({ first: 0, count: 1000 })
    await rig.stop(first)

    const second = await rig.start()
    expect(second.epoch).toBe(2)
    expect(second.topics().map(({ name }) => name)).toEqual(['orders'])
    expect(second.topicById(topicId)).toBe(second.topicByName('orders'))
    expect(leaders(second, 'orders')).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    expect(second.configsOf('topic', 'orders')).toEqual(new Map([['segment.bytes', '1048576']]))
    expect(Object.fromEntries(second.configsOf('broker', ''))).toEqual({
      'min.insync.replicas': '1',
      'log.retention.ms': '9',
    })
    expect(await second.allocateProducerIds()).toEqual({ first: 1000, count: 1000 })
  })

  it('says goodbye when it leaves, so that nobody needs to wait for it', async () => {
    const first = await rig.start()
    first.createTopic(wish('orders'))
    await rig.stop(first)

    const image = imageOnDisk()
    expect(image.brokers.get(1)).toMatchObject({ isFenced: true, isInControlledShutdown: true })
    expect(image.topics.get('orders')?.partitions.get(0)).toMatchObject({
      leader: -1,
      isr: [],
      elr: [1],
      leaderEpoch: 1,
    })
  })

  it('fences what it was before, where it was killed', async () => {
    const first = await rig.start()
    first.createTopic(wish('orders'))

    const second = await rig.start()
    expect(second.epoch).toBe(2)
    expect(second.brokerEpoch).toBeGreaterThan(first.brokerEpoch)
    expect(leaders(second, 'orders')).toEqual([[1, 2]])
    expect(imageOnDisk().brokers.get(1)).toMatchObject({ isFenced: false, epoch: second.brokerEpoch })
  })

  it('begins no epoch twice, even where only the file beside the log knows of it', async () => {
    await rig.stop(await rig.start())
    const state = readFileSync(join(logPath(), 'quorum-state'), 'utf8')
    writeFileSync(join(logPath(), 'quorum-state'), state.replace('"leaderEpoch":1', '"leaderEpoch":41'))

    expect((await rig.start()).epoch).toBe(42)
  })

  it('tells of every topic when it begins to lead, and of changes after they were written', async () => {
    const first = await rig.start()
    first.createTopic(wish('orders', { configs: { 'retention.ms': '7' } }))
    first.createTopic(wish('gone', { configs: { 'retention.ms': '7' } }))
    first.deleteTopic(first.topicByName('gone')?.topicId ?? '')
    expect(rig.told.splice(0)).toEqual([
      'configs topic orders',
      'grown orders 1',
      'configs topic gone',
      'grown gone 1',
      'deleted gone',
      'configs topic gone',
    ])

    const second = await rig.open()
    expect(rig.told).toEqual([])
    second.lead([])
    expect(rig.told).toEqual(['grown orders 1'])
  })
})

describe('a metadata log that cannot be trusted', () => {
  it('is refused with its damage, and nothing is cut off', async () => {
    const first = await rig.start()
    for (const name of ['a', 'b', 'c']) first.createTopic(wish(name))
    await rig.stop(first)
    const path = join(logPath(), '00000000000000000000.log')
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(200) ^ 0xff, 200)
    writeFileSync(path, bytes)

    await expect(rig.open()).rejects.toMatchObject({
      code: 'damaged-metadata',
      message: expect.stringContaining('CRC'),
    })
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('loses no more than a last write that was torn', async () => {
    const first = await rig.start()
    first.createTopic(wish('orders'))
    const path = join(logPath(), '00000000000000000000.log')
    const whole = readFileSync(path)
    first.createTopic(wish('torn'))
    writeFileSync(path, readFileSync(path).subarray(0, whole.length + 30))

    const second = await rig.start()
    expect(second.topics().map(({ name }) => name)).toEqual(['orders'])
    imageOnDisk()
  })

  it('loses what a power cut left unwritten in the midst of the last write, and nothing after a clean stop', async () => {
    const path = join(logPath(), '00000000000000000000.log')
    const first = await rig.start()
    first.createTopic(wish('orders'))
    const sound = readFileSync(path).length
    first.createTopic(wish('torn'))
    const bytes = readFileSync(path)
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, sound + 80), Buffer.alloc(bytes.length - sound - 80)]),
    )

    const second = await rig.start()
    expect(second.topics().map(({ name }) => name)).toEqual(['orders'])
    await rig.stop(second)
    const closed = readFileSync(path)
    closed.writeUInt8(closed.readUInt8(closed.length - 5) ^ 0xff, closed.length - 5)
    writeFileSync(path, closed)
    await expect(rig.open()).rejects.toMatchObject({ code: 'damaged-metadata' })
    expect(readFileSync(path)).toEqual(closed)
  })

  it('loses a last write whose first bytes alone, which no CRC covers, a power cut left unwritten', async () => {
    const path = join(logPath(), '00000000000000000000.log')
    const first = await rig.start()
    const sizeBytes = () => readFileSync(path).length
    for (let i = 0; sizeBytes() % 512 < 505; i++) first.createTopic(wish(`orders-${'x'.repeat(i)}`))
    const before = first.topics().map(({ name }) => name)
    const sound = sizeBytes()
    first.createTopic(wish('torn'))
    writeFileSync(path, readFileSync(path).fill(0, sound, sound + 8))

    const second = await rig.start()
    expect(second.topics().map(({ name }) => name)).toEqual(before)
    imageOnDisk()
  })

  it('loses what was written last behind a sector that a power cut left unwritten, and nothing older', async () => {
    const path = join(logPath(), '00000000000000000000.log')
    const first = await rig.start()
    first.createTopic(wish('orders'))
    const sound = readFileSync(path).length
    first.createTopic(wish('torn'))
    const hole = readFileSync(path).length
    first.createTopic(wish('behind'))
    const bytes = readFileSync(path).fill(0, sound, hole)
    rig.clock.pass(6000)
    first.createTopic(wish('later'))
    writeFileSync(path, Buffer.concat([bytes, readFileSync(path).subarray(bytes.length)]))
    await expect(rig.open()).rejects.toMatchObject({ code: 'damaged-metadata' })
    writeFileSync(path, bytes)

    const second = await rig.start()
    expect(second.topics().map(({ name }) => name)).toEqual(['orders'])
    imageOnDisk()
  })

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['that was cut in the midst of a batch', (bytes) => bytes.subarray(0, bytes.length - 5)],
    ['that was cut in half', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['that was cut behind its first batch', (bytes) => bytes.subarray(0, 12 + bytes.readInt32BE(8))],
    ['that is empty', () => Buffer.alloc(0)],
    ['that is no log', (bytes) => Buffer.alloc(bytes.length, 'garbage')],
    ['whose first batch has an impossible length', (bytes) => withByte(bytes, 8, 0xff)],
    ['whose first batch seems to go beyond the end', (bytes) => withByte(bytes, 9, 0xff)],
    ['whose last batch begins with zeros', (bytes) => bytes.fill(0, bytes.length - 40)],
  ])('%s after a clean stop is refused, and nothing is set aside', async (_what, damage) => {
    const first = await rig.start()
    first.createTopic(wish('orders'))
    await rig.stop(first)
    const path = join(logPath(), '00000000000000000000.log')
    const bytes = damage(readFileSync(path))
    writeFileSync(path, bytes)
    await expect(rig.open()).rejects.toMatchObject({
      code: 'damaged-metadata',
      message: expect.stringContaining(logPath()),
    })
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('is not begun with an impossible length after a crash either, if others are sound behind it', async () => {
    const first = await rig.start()
    first.createTopic(wish('orders'))
    const path = join(logPath(), '00000000000000000000.log')
    writeFileSync(path, withByte(readFileSync(path), 9, 0xff))
    await expect(rig.open()).rejects.toMatchObject({ code: 'damaged-metadata' })
  })

  it('is missed where it is gone and partitions are there', async () => {
    const first = await rig.start()
    await rig.stop(first)
    mkdirSync(join(rig.path, 'orders-0'))
    rmSync(logPath(), { recursive: true })
    await expect(rig.open()).rejects.toMatchObject({
      code: 'damaged-metadata',
      message: expect.stringContaining('is not there'),
    })
    expect(existsSync(logPath())).toBe(false)
  })

  it('is not missed in a directory that was only formatted', async () => {
    await rig.format()
    mkdirSync(join(rig.path, 'lost+found'))
    expect((await rig.start()).topics()).toEqual([])
  })

  it('of a newer Kafka is not opened', async () => {
    const first = await rig.start()
    first.setFeatures(new Map([['metadata.version', 31]]))
    await rig.stop(first)

    await expect(rig.open()).rejects.toMatchObject({
      code: 'newer-kafka',
      message: expect.stringContaining('31 (4.4-IV0)'),
    })
  })
})

describe('a directory of others', () => {
  it('is named where its meta.properties has a version that nobody knows', async () => {
    await rig.format()
    writeFileSync(join(rig.path, 'meta.properties'), 'version=2\nnode.id=1\n')
    await expect(rig.open()).rejects.toMatchObject({
      code: 'corrupt-meta-properties',
      message: `${rig.path} cannot be opened: meta.properties has version "2"; 0 and 1 are known`,
    })
  })

  it.each([
    ['of one of three nodes', 'cluster-3/node1', 'several-nodes', 'of node 1 of a cluster with others: 2, 3'],
    [
      'of one of two log directories',
      'kraft-431/data0',
      'several-directories',
      'one of several log directories',
    ],
    ['of a broker with ZooKeeper', 'zk-231/data', 'zookeeper-directory', 'ZooKeeper'],
  ])('%s is refused', async (_what, golden, code, message) => {
    cpSync(goldenDirectory(golden), rig.path, { recursive: true })

    await expect(rig.open()).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })
})

describe('a write that the disk refuses', () => {
  it('changes nothing, and the next one goes on where it would have been', async () => {
    const disk = rig.fillable()
    const controller = await rig.start()
    const before = controller.endOffset
    disk.isFull = true
    expect(() => controller.createTopic(wish('orders'))).toThrow('no space left')
    expect(controller.endOffset).toBe(before)
    expect(controller.topicByName('orders')).toBeUndefined()

    disk.isFull = false
    controller.createTopic(wish('orders'))
    expect([...imageOnDisk().topics.keys()]).toEqual(['orders'])
  })
})

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt8(value, at)
  return bytes
}
