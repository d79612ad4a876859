import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { snapshotBytes } from '../../../../src/lib/broker/controller/snapshot-bytes.ts'
import { decodeMetadataRecord, metadataLog } from '../../../../src/lib/log/internal/metadata-record.ts'
import { clusterMetadataRecords } from '../../../../src/lib/protocol/log-records.ts'
import { registerBrokerRecord } from '../../../../src/lib/protocol/records/cluster-metadata-broker-records.ts'
import {
  configRecord,
  featureLevelRecord,
  producerIdsRecord,
  zkMigrationStateRecord,
} from '../../../../src/lib/protocol/records/cluster-metadata-records.ts'
import { delegationTokenRecord } from '../../../../src/lib/protocol/records/cluster-metadata-security-records.ts'
import {
  partitionChangeRecord,
  partitionRecord,
  topicRecord,
} from '../../../../src/lib/protocol/records/cluster-metadata-topic-records.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { ControllerRig } from './controller-rig.ts'
import { batchesOf } from './golden-metadata.ts'

let rig: ControllerRig

beforeEach(() => {
  rig = new ControllerRig()
})

afterEach(() => {
  rig.remove()
})

const epochFile = () => join(rig.path, '.ktool-epoch')
const logPath = () => join(rig.path, '__cluster_metadata-0')
const level = (name: string, featureLevel: number) =>
  featureLevelRecord.encodeFramed({ name, featureLevel }, 0)
const topicId = 'AAAAAAAAAAAAAAAAAAAAZQ'
const unknownTags = [{ tag: 77, data: Buffer.from('of a later Kafka') }]

/** As a Kafka formats it that has these records to begin with. */
async function formattedWith(records: readonly Buffer[]): Promise<void> {
  await rig.format()
  const bytes = snapshotBytes(records, { epoch: 0, lastContainedMs: 0, nowMs: 0 })
  writeFileSync(join(rig.path, 'bootstrap.checkpoint'), bytes)
}

/** With a snapshot of it all. */
async function startedAndStopped(): Promise<void> {
  const controller = await rig.start({ 'metadata.log.max.record.bytes.between.snapshots': '1' })
  controller.alterConfigs('broker', '', new Map([['log.cleaner.threads', '2']]))
  await rig.stop(controller)
}

describe('a directory that this broker cannot keep as it is', () => {
  it.each<[string, string, Buffer[], RegExp]>([
    [
      'a feature that nobody knows',
      'newer-kafka',
      [level('metadata.version', 30), level('moon.version', 1)],
      /moon\.version 1; this broker does not know/,
    ],
    [
      'a level that is too high',
      'newer-kafka',
      [level('metadata.version', 30), level('share.version', 2)],
      /share\.version 2; this broker knows up to 1/,
    ],
    [
      'a newer metadata.version',
      'newer-kafka',
      [level('metadata.version', 31)],
      /metadata\.version 31 \(4\.4-IV0\); .* up to 30 \(4\.3-IV0\)/,
    ],
    [
      'an older metadata.version',
      'older-kafka',
      [level('metadata.version', 6)],
      /metadata\.version 6 \(3\.3-IV2\); .* from 7 \(3\.3-IV3\) on/,
    ],
    [
      'a record that nobody knows',
      'newer-kafka',
      [level('metadata.version', 30), Buffer.from([1, 99, 0, 0])],
      /of a newer Kafka: 1 × record of type 99/,
    ],
    [
      'a version of a record that nobody knows',
      'newer-kafka',
      [level('metadata.version', 30), Buffer.from([1, 2, 9, 0])],
      /record of type 2/,
    ],
    [
      'settings of a resource that nobody knows',
      'newer-kafka',
      [
        level('metadata.version', 30),
        configRecord.encodeFramed({ resourceType: 64, resourceName: 'x', name: 'y', value: 'z' }, 0),
      ],
      /resources of type 64/,
    ],
    [
      'a change with a field that nobody knows',
      'newer-kafka',
      [
        level('metadata.version', 30),
        partitionChangeRecord.encodeFramed({ topicId, partitionId: 0, unknownTags }, 2),
      ],
      /tagged field 77/,
    ],
  ])('is refused with nothing written: %s', async (_what, code, records, message) => {
    await formattedWith(records)
    const before = filesIn(rig.path)

    await expect(rig.open()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(filesIn(rig.path)).toEqual(before)
  })

  it('is refused where a Kafka has written such a thing since', async () => {
    await formattedWith([level('metadata.version', 30), level('moon.version', 0)])
    const controller = await rig.start()
    controller.setFeatures(new Map([['moon.version', 3]]))
    await rig.stop(controller)
    const before = filesIn(rig.path)

    await expect(rig.open()).rejects.toMatchObject({ code: 'newer-kafka' })
    expect(filesIn(rig.path)).toEqual(before)
  })

  it('is told apart where its metadata lies in a directory of its own', async () => {
    await rig.format()
    mkdirSync(join(rig.path, 'orders-0'), { recursive: true })
    await expect(rig.open()).rejects.toThrow(/metadata\.log\.dir/)
  })

  it('is that of a broker whose controller is another node', async () => {
    const controller = await rig.start()
    await rig.stop(controller)
    const state = join(logPath(), 'quorum-state')
    writeFileSync(state, readFileSync(state, 'utf8').replace('"leaderId":1', '"leaderId":3000'))
    await expect(rig.open()).rejects.toMatchObject({
      code: 'several-nodes',
      message: expect.stringContaining('with others: 3000'),
    })
  })
})

describe('what this broker does not act upon', () => {
  it('is in its snapshots, byte for byte: tagged fields of a later Kafka, tokens, the state of a migration', async () => {
    const token = {
      ...{ owner: 'User:carol', requester: 'User:carol', renewers: ['User:dave'], issueTimestamp: 1n },
      ...{ maxTimestamp: 2n, expirationTimestamp: 3n, tokenId: 'token', unknownTags },
    }
    const broker = { brokerId: 1, brokerEpoch: 5n, fenced: true, unknownTags }
    const said = [
      featureLevelRecord.encodeFramed({ name: 'group.version', featureLevel: 1, unknownTags }, 0),
      topicRecord.encodeFramed({ name: 'orders', topicId, unknownTags }, 0),
      configRecord.encodeFramed(
        { resourceType: 2, resourceName: 'orders', name: 'a', value: 'b', unknownTags },
        0,
      ),
      delegationTokenRecord.encodeFramed(token, 0),
      zkMigrationStateRecord.encodeFramed({ zkMigrationState: 3, unknownTags }, 0),
    ]
    const partition = {
      partitionId: 0,
      topicId,
      replicas: [1],
      isr: [1],
      leader: 1,
      directories: [topicId],
      unknownTags,
    }
    const more = [
      producerIdsRecord.encodeFramed({ brokerId: 1, nextProducerId: 9000n, unknownTags }, 0),
      registerBrokerRecord.encodeFramed(broker, 4),
      partitionRecord.encodeFramed(partition, 2),
    ]
    await formattedWith([level('metadata.version', 30), ...said, ...more])
    await startedAndStopped()

    const records = snapshotRecords()
    for (const record of said) expect(records).toContain(record.toString('hex'))
    const tags = unknownTags.map(({ data }) => data.toString('hex')).join('')
    expect(records.filter((record) => record.includes(tags))).toHaveLength(said.length + 2)
  })

  it('is a metadata.version below our own, at which nothing is written that such a cluster does not have', async () => {
    await formattedWith([level('metadata.version', 7)])
    await startedAndStopped()

    const controller = await rig.open()
    expect([...controller.features()]).toEqual([['metadata.version', 7]])
    expect(typesWritten()).toEqual(
      new Set([
        'FeatureLevelRecord 0',
        'RegisterBrokerRecord 1',
        'BrokerRegistrationChangeRecord 0',
        'BrokerRegistrationChangeRecord 1',
        'ConfigRecord 0',
      ]),
    )
  })
})

describe('what another left', () => {
  it('is copied before the first write, byte for byte, and three copies stay', async () => {
    await formattedWith([level('metadata.version', 14)])
    await startedAndStopped()
    expect(copies()).toEqual([])
    // Controllers do not register in such a cluster: an epoch that is not known as ours was Kafka's.
    rmSync(epochFile())
    const before = filesIn(rig.path)
    before.delete('.kafka_cleanshutdown')

    const controller = await rig.start()
    const [copy = '', ...others] = copies()
    expect(others).toEqual([])
    expect(filesIn(join(logPath(), copy))).toEqual(before)
    expect(rig.lines.join('\n')).toContain('a copy of what Kafka left')
    await rig.stop(controller)

    for (let i = 0; i < 3; i++) await rig.stop(await rig.start())
    expect(copies()).toEqual([copy])

    for (let i = 0; i < 3; i++) {
      writeFileSync(epochFile(), `${Number(readFileSync(epochFile(), 'utf8')) - 1}\n`)
      await rig.stop(await rig.start())
    }
    expect(copies()).toHaveLength(3)
    expect(copies()).not.toContain(copy)
  })

  it('is not copied where it was this broker', async () => {
    await rig.stop(await rig.start())
    await rig.stop(await rig.start())
    expect(copies()).toEqual([])
    expect(existsSync(epochFile())).toBe(false)
  })
})

function copies(): string[] {
  return readdirSync(logPath()).filter((name) => name.includes('before-ktool'))
}

function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(folder.length + 1), readFileSync(path, 'hex')]
    }),
  )
}

function snapshotRecords(): string[] {
  const name =
    readdirSync(logPath())
      .filter((each) => each.endsWith('.checkpoint'))
      .at(-1) ?? ''
  return recordsIn(readFileSync(join(logPath(), name))).map((record) => record.toString('hex'))
}

function recordsIn(bytes: Buffer): Buffer[] {
  const records: Buffer[] = []
  for (const batch of batchesOf(bytes)) {
    const cursor = openRecords(batch)
    while (!batch.isControl && cursor.next()) records.push(Buffer.from(cursor.value ?? Buffer.alloc(0)))
  }
  return records
}

function typesWritten(): Set<string> {
  const log = metadataLog(clusterMetadataRecords)
  const records = recordsIn(readFileSync(join(logPath(), '00000000000000000000.log')))
  return new Set(
    records.map((record) => {
      const { type, version } = decodeMetadataRecord(log, record, { reveal: true })
      return `${type} ${version}`
    }),
  )
}
