import { describe, expect, it } from 'vitest'
import { configsOf, lastLeadership } from '../../../../src/lib/log/cluster/metadata-image.ts'
import { readMetadataLog } from '../../../../src/lib/log/cluster/metadata-log.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import {
  abortTransactionRecord,
  beginTransactionRecord,
  configRecord,
  endTransactionRecord,
} from '../../../../src/lib/protocol/records/cluster-metadata-records.ts'
import {
  partitionRecord,
  topicRecord,
} from '../../../../src/lib/protocol/records/cluster-metadata-topic-records.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { diskOf, type Files, goldenAnswers, goldenFiles } from './golden-directories.ts'

const seed = seedOfRun()

describe('the metadata log of a cluster that ran', () => {
  it.each([
    ['kraft-431', 'kraft-431/data0'],
    ['cluster-3', 'cluster-3/node1'],
  ])('of %s has the topics, configs and features that its brokers told of', (name, directory) => {
    const { topics, topicConfigs, features } = goldenAnswers(name)
    const { image, isWhole, problems } = readIn(goldenFiles(directory), directory)

    expect({ isWhole, problems }).toEqual({ isWhole: true, problems: [] })
    expect(Object.fromEntries(image.features)).toEqual(features)
    const configs = [...image.topics.keys()].map((topic) => [
      topic,
      Object.fromEntries(configsOf(image, 'topic', topic)),
    ])
    expect(Object.fromEntries(configs)).toEqual(topicConfigs)
    const found = [...image.topics.values()].map(({ name, topicId, partitions }) => [
      name,
      {
        topicId,
        partitions: [...partitions.values()].map((each) => {
          const { leader, isr, elr } = lastLeadership(each)
          return { partition: each.partition, leader, replicas: each.replicas, isr, elr }
        }),
      },
    ])
    const expected = Object.entries(topics).map(([name, { topicId, partitions }]) => [
      name,
      { topicId, partitions },
    ])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  })

  it('says to the letter what it ends with, beside what was before the brokers were stopped', () => {
    const { image } = readIn(goldenFiles('cluster-3/node1'), 'cluster-3/node1')
    const partition = image.topics.get('healthy')?.partitions.get(0)
    expect(partition).toMatchObject({ leader: -1, isr: [], elr: [1], lastKnownElr: [1] })
    expect(partition?.beforeStop).toMatchObject({ leader: 1, isr: [1, 3], elr: [], leaderEpoch: 0 })
  })

  it('gives the same image with its snapshot and without', () => {
    const files = goldenFiles('kraft-431/data0')
    const whole = readIn(files, 'kraft-431/data0')
    for (const path of files.keys()) if (path.endsWith('-0000000002.checkpoint')) files.delete(path)
    expect(readIn(files, 'kraft-431/data0')).toEqual(whole)
  })

  it('knows from the log who led, though a snapshot was made after the brokers had stopped', () => {
    const files = goldenFiles('kraft-431/data0')
    const { image } = readIn(files, 'kraft-431/data0')
    const { topicId } = image.topics.get('orders') ?? expect.fail('no topic')
    const [, snapshot] = fileLike(files, '.checkpoint', 'metadata-0')
    const header = snapshot.subarray(0, 12 + snapshot.readInt32BE(8))
    const footer = snapshot.subarray(-75)
    const writer = new BatchWriter({ partitionLeaderEpoch: 2 })
    const stopped = { leader: -1, isr: [], replicas: [1], partitionId: 0, leaderEpoch: 9, partitionEpoch: 9 }
    const rest = { removingReplicas: [], addingReplicas: [], directories: [] }
    for (const value of [
      topicRecord.encodeFramed({ name: 'orders', topicId }, 0),
      partitionRecord.encodeFramed({ topicId, ...stopped, ...rest }, 1),
    ])
      writer.append({ timestamp: 1, key: null, value })
    const name = `${String(image.endOffset).padStart(20, '0')}-0000000002.checkpoint`
    const path = `/kraft-431/data0/__cluster_metadata-0/${name}`
    files.set(path, Buffer.concat([header, writer.finish(), footer]))
    const again = readIn(files, 'kraft-431/data0')
    expect(again.problems).toEqual([])
    expect(again.image.topics.get('orders')?.partitions.get(0)).toMatchObject({
      leader: -1,
      beforeStop: { leader: 1, isr: [1] },
    })
    for (const other of files.keys()) if (/metadata-0\/.*\.log$/.test(other)) files.delete(other)
    const forgotten = readIn(files, 'kraft-431/data0').image.topics.get('orders')?.partitions.get(0)
    expect(forgotten).toMatchObject({ leader: -1, beforeStop: null })
  })

  it('is known from the snapshot alone up to its end', () => {
    const files = goldenFiles('kraft-431/data0')
    for (const path of files.keys()) if (/metadata-0\/.*\.log$/.test(path)) files.delete(path)
    const { image } = readIn(files, 'kraft-431/data0')
    expect(image).toMatchObject({ endOffset: 122, epoch: 2, controllerId: 1 })
    expect(image.quotas).toHaveLength(4)
    expect(image.timestampMs).toBe(1795248791315)
  })
})

describe('a metadata log with damage', () => {
  it('leaves a snapshot without its footer, and goes back to the log', () => {
    const files = goldenFiles('kraft-431/data0')
    const whole = readIn(files, 'kraft-431/data0').image
    const [path, bytes] = fileLike(files, '.checkpoint', 'metadata-0')
    // The footer is the last batch, of 75 bytes.
    files.set(path, bytes.subarray(0, bytes.length - 75))
    const { image, isWhole, problems } = readIn(files, 'kraft-431/data0')
    expect(image).toEqual(whole)
    expect({ isWhole, problems }).toEqual({
      isWhole: true,
      problems: [expect.stringMatching(/is not whole \(it has no footer\)/)],
    })
  })

  it('says what is not known where it begins behind a snapshot that is missing', () => {
    const files = goldenFiles('kraft-431/data0')
    for (const path of files.keys()) {
      if (/metadata-0\/(.*\.checkpoint|0{20}\.)/.test(path)) files.delete(path)
    }
    const { image, isWhole, problems } = readIn(files, 'kraft-431/data0')
    expect({ isWhole, problems }).toEqual({
      isWhole: false,
      problems: [expect.stringMatching(/begins at offset 112 without a snapshot/)],
    })
    expect(image.quotas).toHaveLength(4)
  })

  it('stops at a batch whose bytes were changed, and keeps what stood before', () => {
    const files = goldenFiles('cluster-3/node1')
    const [path, bytes] = fileLike(files, '.log', 'metadata-0')
    const changed = Buffer.from(bytes)
    changed[5000] = (changed[5000] ?? 0) ^ 0xff
    files.set(path, changed)
    const { image, isWhole, problems } = readIn(files, 'cluster-3/node1')
    expect(isWhole).toBe(false)
    expect(problems).toEqual([expect.stringMatching(/CRC.*; what follows is not known/)])
    expect(image.endOffset).toBeGreaterThan(0)
    expect(image.endOffset).toBeLessThan(200)
  })

  it(`is read as far as it goes wherever it is cut off (seed ${seed})`, () => {
    const draw = randomDraw(seed)
    const files = goldenFiles('cluster-3/node1')
    const [path, bytes] = fileLike(files, '.log', 'metadata-0')
    const cuts = Array.from({ length: 40 }, () => Math.floor(draw() * bytes.length)).sort((a, b) => a - b)
    let last = 0
    for (const cut of cuts) {
      files.set(path, bytes.subarray(0, cut))
      const { image, isWhole } = readIn(files, 'cluster-3/node1')
      expect(isWhole).toBe(true)
      expect(Number(image.endOffset)).toBeGreaterThanOrEqual(last)
      last = Number(image.endOffset)
    }
  })

  it('leaves out records that it does not know, and says how many', () => {
    const unknown = Buffer.from([1, 99, 0, 0])
    const later = Buffer.from(topicRecord.encodeFramed({ name: 'later', topicId }, 0))
    later[2] = 9
    const { image, problems } = readWritten([unknown, topic('orders'), later, unknown, Buffer.of(7)])
    expect([...image.topics.keys()]).toEqual(['orders'])
    expect(problems).toEqual([
      expect.stringMatching(/^2 × record of type 99/),
      expect.stringMatching(/^1 × record of type 2 \(.*no version 9/),
      expect.stringMatching(/^1 × record of type -1 \(frame|^1 × record of type/),
    ])
  })
})

describe('transactions of the metadata log', () => {
  const begin = beginTransactionRecord.encodeFramed({ name: 'create' }, 0)
  const end = endTransactionRecord.encodeFramed({}, 0)
  const abort = abortTransactionRecord.encodeFramed({ reason: null }, 0)

  it('count from their end on', () => {
    const { image, problems } = readWritten([begin, topic('orders'), end])
    expect({ topics: [...image.topics.keys()], problems }).toEqual({ topics: ['orders'], problems: [] })
  })

  it('do not count when they were aborted', () => {
    const { image, problems } = readWritten([topic('kept'), begin, topic('orders'), abort])
    expect({ topics: [...image.topics.keys()], problems }).toEqual({ topics: ['kept'], problems: [] })
  })

  it('do not count while they are open, which is said', () => {
    const { image, problems } = readWritten([begin, topic('orders')])
    expect([...image.topics.keys()]).toEqual([])
    expect(problems).toEqual([expect.stringMatching(/ends within a transaction/)])
  })
})

describe('configs in the metadata log', () => {
  const config = (resourceName: string, value: string | null) =>
    configRecord.encodeFramed({ resourceType: 2, resourceName, name: 'retention.ms', value }, 0)

  it('are gone when they were deleted', () => {
    const { image } = readWritten([config('orders', '1'), config('orders', null)])
    expect(configsOf(image, 'topic', 'orders').size).toBe(0)
  })
})

const topicId = 'ZobQtlxXQ5Oy9Bq19njqTw'

function topic(name: string): Buffer {
  return topicRecord.encodeFramed({ name, topicId }, 0)
}

function readWritten(values: readonly Buffer[]) {
  const writer = new BatchWriter({ partitionLeaderEpoch: 1 })
  for (const value of values) writer.append({ timestamp: 1, key: null, value })
  return readIn(new Map([['/d/__cluster_metadata-0/00000000000000000000.log', writer.finish()]]), 'd')
}

function readIn(files: Files, directory: string) {
  const disk = diskOf(files)
  return readMetadataLog(disk, openPartitionFolder(disk, `/${directory}/__cluster_metadata-0`))
}

function fileLike(files: Files, end: string, part: string): [string, Buffer] {
  const found = [...files].find(([path]) => path.endsWith(end) && path.includes(part))
  if (found === undefined) throw new Error(`no ${part} with ${end}`)
  return found
}
