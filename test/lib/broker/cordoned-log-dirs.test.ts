import { beforeEach, describe, expect, it } from 'vitest'
import { alterReplicaLogDirs } from '../../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { createPartitions } from '../../../src/lib/protocol/apis/create-partitions.ts'
import { createTopics } from '../../../src/lib/protocol/apis/create-topics.ts'
import { describeLogDirs } from '../../../src/lib/protocol/apis/describe-log-dirs.ts'
import { incrementalAlterConfigs } from '../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { NodeRig } from './apis/node-rig.ts'

const DISKS = ['/one', '/two']
const NO_PLACE = 'All brokers are currently fenced, or have all their log directories cordoned.'

let rig: NodeRig

async function open(settings: Record<string, string> = {}): Promise<void> {
  rig = await NodeRig.open({
    logDirs: DISKS,
    topics: [{ name: 'orders', partitions: 2 }],
    settings: { 'log.dirs': DISKS.join(','), ...settings },
  })
}

/** The refusal, or nothing. */
async function cordon(value: string | null, name = 'cordoned.log.dirs'): Promise<string | null> {
  const configs = [{ name, value, configOperation: value === null ? 1 : 0 }]
  const resources = [{ resourceType: 4, resourceName: '1', configs }]
  const { responses } = await rig.ask(incrementalAlterConfigs, 1, { resources })
  return responses[0]?.errorMessage ?? null
}

async function cordoned(): Promise<string[]> {
  const { results } = await rig.ask(describeLogDirs, 5, { topics: [] })
  return results.filter(({ isCordoned }) => isCordoned).map(({ logDir }) => logDir)
}

async function create(name: string, assignments: { partitionIndex: number; brokerIds: number[] }[] = []) {
  const count = assignments.length === 0 ? 2 : -1
  const topics = [{ name, numPartitions: count, replicationFactor: -1, assignments }]
  const answer = await rig.clock.until(rig.ask(createTopics, 7, { topics, timeoutMs: 1000 }))
  const [made] = answer.topics
  return [made?.errorCode, made?.errorMessage]
}

async function grow(name: string, count: number) {
  const topics = [{ name, count, assignments: null }]
  const { results } = await rig.clock.until(rig.ask(createPartitions, 3, { topics, timeoutMs: 1000 }))
  return [results[0]?.errorCode, results[0]?.errorMessage]
}

async function directories(topic: string): Promise<string[]> {
  const { results } = await rig.ask(describeLogDirs, 5, { topics: null })
  return results.flatMap(({ logDir, topics }) =>
    topics.filter(({ name }) => name === topic).flatMap(({ partitions }) => partitions.map(() => logDir)),
  )
}

async function move(path: string): Promise<number | undefined> {
  const dirs = [{ path, topics: [{ name: 'orders', partitions: [0] }] }]
  const { results } = await rig.clock.until(rig.ask(alterReplicaLogDirs, 2, { dirs }))
  return results[0]?.partitions[0]?.errorCode
}

describe('a cordoned directory', () => {
  beforeEach(() => open())

  it('gets no new partitions, and none that are sent to it, but keeps those that it has', async () => {
    expect([await cordon('/one'), await cordoned()]).toEqual([null, ['/one']])
    expect([await create('new'), await directories('new')]).toEqual([
      [0, null],
      ['/two', '/two'],
    ])
    expect(await directories('orders')).toEqual(DISKS)
    // Also who would only give a move up.
    expect(await move('/one')).toBe(39)
    expect(await cordon(null)).toBeNull()
    expect([await cordoned(), await move('/two')]).toEqual([[], 0])
  })

  it('is cordoned still after the next start', async () => {
    await cordon('/two')
    await rig.restart()
    expect(await cordoned()).toEqual(['/two'])
    await create('new')
    expect(await directories('new')).toEqual(['/one', '/one'])
  })

  it('leaves no place for anything that is new where the others are cordoned too', async () => {
    await cordon('*')
    expect(await cordoned()).toEqual(DISKS)
    expect(await create('new')).toEqual([38, `Unable to replicate the partition 1 time(s): ${NO_PLACE}`])
    expect(await grow('orders', 3)).toEqual([38, NO_PLACE])
    const asked = { topics: [{ name: 'auto' }], allowAutoTopicCreation: true }
    expect((await rig.ask(metadata, 12, asked)).topics).toMatchObject([{ errorCode: 3 }])
    // Who names the broker is believed, and the first directory takes it.
    expect(await create('byhand', [{ partitionIndex: 0, brokerIds: [1] }])).toEqual([0, null])
    expect(await directories('byhand')).toEqual(['/one'])
    await rig.restart()
    expect((await create('new'))[0]).toBe(38)
    await cordon('/two')
    expect((await create('new'))[0]).toBe(0)
  })

  it('has to be one of the broker’s, or all of them', async () => {
    const missing =
      'All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries :'
    expect(await cordon('/one,/six,/ten')).toBe(`requirement failed: ${missing} /six, /ten`)
    expect(await cordon('/one,*')).toBe(
      'requirement failed: When cordoned.log.dirs is set to *, it must not contain other values',
    )
    expect(await cordoned()).toEqual([])
  })

  it('is unknown to metadata before 4.3', async () => {
    rig.node.controller.setFeatures(new Map([['metadata.version', 29]]))
    expect(await cordon('/one')).toBe(
      'The cordoned.log.dirs configuration value cannot be set because it requires metadata.version >= 4.3-IV0',
    )
  })
})

describe('a directory that is cordoned by what was said at the start', () => {
  it('gets no partitions', async () => {
    await open({ 'cordoned.log.dirs': '/one' })
    expect([await cordoned(), await directories('orders')]).toEqual([['/one'], ['/two', '/two']])
  })
})
