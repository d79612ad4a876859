import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LocalController } from '../../../../src/lib/broker/controller/local-controller.ts'
import { snapshotBytes } from '../../../../src/lib/broker/controller/snapshot-bytes.ts'
import { kRaftVersionRecord, votersRecord } from '../../../../src/lib/protocol/records/control-records.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { ControllerRig, wish } from './controller-rig.ts'

const seed = seedOfRun()
let rig: ControllerRig

beforeEach(() => {
  rig = new ControllerRig()
})

afterEach(() => {
  rig.remove()
})

const snapshotNames = () =>
  readdirSync(join(rig.path, '__cluster_metadata-0')).filter((name) => name.endsWith('.checkpoint'))

/** All that a client could see of it. */
function seen(controller: LocalController) {
  const { topics, configs, features, nextProducerId, brokers, controllers } = controller.image()
  return {
    topics: [...topics.values()].map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: [...partitions.values()].map(({ beforeStop: _, ...rest }) => rest),
    })),
    configs: Object.fromEntries(
      [...configs].map(([type, resources]) => [
        type,
        [...resources]
          .filter(([, values]) => values.size > 0)
          .map(([name, values]) => [name, [...values].sort()])
          .sort(),
      ]),
    ),
    features,
    nextProducerId,
    brokers,
    controllers,
  }
}

describe('snapshots of the metadata', () => {
  it('are made when enough was written, and the state is the same without the log below them', async () => {
    const controller = await rig.start({ 'metadata.log.max.record.bytes.between.snapshots': '2000' })
    await change(controller, randomDraw(seed))
    expect(snapshotNames().length, `seed ${seed}`).toBeGreaterThan(1)
    const before = seen(controller)

    const again = await rig.open()
    expect(seen(again), `seed ${seed}`).toEqual(before)
    expect(again.endOffset).toBe(controller.endOffset)
  })

  it('are made when enough time has passed, if anything has changed', async () => {
    const controller = await rig.start()
    rig.clock.ms += 3_600_000
    expect(snapshotNames()).toEqual([])
    controller.createTopic(wish('orders'))
    expect(snapshotNames()).toHaveLength(1)
    controller.createTopic(wish('orders-2'))
    expect(snapshotNames()).toHaveLength(1)
  })

  it('let the log below them go, except where one may still be needed', async () => {
    const settings = {
      'metadata.log.max.record.bytes.between.snapshots': '500',
      'metadata.max.retention.bytes': '4000',
      'metadata.log.segment.bytes': '8388608',
    }
    const flushed = rig.watchFlushes()
    const controller = await rig.start(settings)
    for (let i = 0; i < 30; i++) controller.createTopic(wish(`topic-${i}`))
    const unflushed = snapshotNames()
    expect(unflushed.length).toBeGreaterThan(10)
    await vi.waitFor(() => expect(flushed).toContain(unflushed.at(-1)))
    for (let i = 30; i < 40; i++) controller.createTopic(wish(`topic-${i}`))
    const names = snapshotNames()
    expect(names.length).toBeGreaterThanOrEqual(1)
    expect(names).not.toContain(unflushed[0])
    const before = seen(controller)

    expect(seen(await rig.open(settings))).toEqual(before)
  })

  it('are made at a start that had much to read, so that the next has not', async () => {
    let controller = await rig.start()
    for (let i = 0; i < 12; i++) controller.createTopic(wish(`topic-${i}`, { partitions: 250 }))
    await rig.stop(controller)
    expect(snapshotNames()).toEqual([])

    controller = await rig.start()
    expect(snapshotNames()).toHaveLength(1)
    const again = await rig.open()
    expect(again.topics().map(({ partitions }) => partitions.size)).toEqual(Array(12).fill(250))
    expect(again.endOffset).toBe(controller.endOffset)
  })

  it('that are not whole are passed over for an older one', async () => {
    const controller = await rig.start({ 'metadata.log.max.record.bytes.between.snapshots': '2000' })
    await change(controller, randomDraw(seed))
    const before = seen(controller)
    const newest = snapshotNames().at(-1) ?? ''
    writeFileSync(join(rig.path, '__cluster_metadata-0', newest), 'torn')

    expect(seen(await rig.open())).toEqual(before)
  })
})

describe('a quorum that keeps its voters in its log', () => {
  it('has them in every snapshot, and in the first batch of its first epoch', async () => {
    await rig.format()
    const folder = join(rig.path, '__cluster_metadata-0')
    const directoryId = rig.directoryId()
    const quorum = quorumOf(directoryId)
    mkdirSync(folder)
    const facts = { epoch: 0, lastContainedMs: 0, nowMs: rig.clock.ms, quorum }
    writeFileSync(join(folder, '00000000000000000000-0000000000.checkpoint'), snapshotBytes([], facts))

    const controller = await rig.start({ 'metadata.log.max.record.bytes.between.snapshots': '2000' })
    expect(controller.voterDirectoryId).toBe(directoryId)
    await change(controller, randomDraw(seed))
    const newest = readFileSync(join(folder, snapshotNames().at(-1) ?? ''))
    const log = readFileSync(join(folder, '00000000000000000000.log'))
    for (const { value } of quorum) {
      expect(newest.subarray(0, 400).includes(value)).toBe(true)
      expect(log.subarray(0, 400).includes(value)).toBe(true)
    }
    expect((await rig.open()).voterDirectoryId).toBe(directoryId)
    expect(readFileSync(join(folder, 'quorum-state'), 'utf8')).toBe(
      '{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
    )
  })
})

function quorumOf(voterDirectoryId: string) {
  const endpoints = [{ name: 'CONTROLLER', host: 'localhost', port: 9093 }]
  const kRaftVersionFeature = { minSupportedVersion: 0, maxSupportedVersion: 1 }
  const voters = [{ voterId: 1, voterDirectoryId, endpoints, kRaftVersionFeature }]
  return [
    {
      type: 'KRAFT_VERSION' as const,
      value: kRaftVersionRecord.encodeFramed({ version: 0, kRaftVersion: 1 }, 0),
    },
    { type: 'KRAFT_VOTERS' as const, value: votersRecord.encodeFramed({ version: 0, voters }, 0) },
  ]
}

/** A day of a cluster in one moment. */
async function change(controller: LocalController, draw: () => number): Promise<void> {
  for (let i = 0; i < 120; i++) {
    const topics = controller.topics()
    const topic = topics[Math.floor(draw() * topics.length)]
    const kind = draw()
    if (topic === undefined || kind < 0.4) {
      controller.createTopic(
        wish(`topic-${i}`, { partitions: 1 + Math.floor(draw() * 3), configs: { 'retention.ms': `${i}` } }),
      )
    } else if (kind < 0.55) controller.deleteTopic(topic.topicId)
    else if (kind < 0.7) controller.createPartitions(topic.topicId, topic.partitions.size + 1, null)
    else if (kind < 0.85)
      controller.alterConfigs('topic', topic.name, new Map([['retention.ms', draw() < 0.5 ? null : `${i}`]]))
    else if (kind < 0.92) controller.alterConfigs('broker', '1', new Map([['log.cleaner.threads', `${i}`]]))
    else await controller.allocateProducerIds()
  }
}
