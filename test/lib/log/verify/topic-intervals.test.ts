import { expect, it } from 'vitest'
import { openLogDirectory } from '../../../../src/lib/log/log-directory.ts'
import { TopicIntervals } from '../../../../src/lib/log/verify/topic-intervals.ts'
import { configRecord } from '../../../../src/lib/protocol/records/cluster-metadata-records.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { diskOf } from '../cluster/golden-directories.ts'

const TOPIC = 2
const BROKER = 4

it('is what was set of the topic, else of the broker, else of all brokers', () => {
  const own = config(TOPIC, 'orders', 'index.interval.bytes', '512')
  const ofOne = config(BROKER, '7', 'log.index.interval.bytes', '1000')
  const ofAll = config(BROKER, '', 'log.index.interval.bytes', '2000')
  const other = config(BROKER, '8', 'log.index.interval.bytes', '3000')
  expect(intervalOf([own, ofOne, ofAll])).toBe(512)
  expect(intervalOf([ofOne, ofAll, other])).toBe(1000)
  expect(intervalOf([ofAll, other])).toBe(2000)
})

it('is not known where nobody has set it, or to what is no number', () => {
  expect(intervalOf([config(TOPIC, 'payments', 'index.interval.bytes', '512')])).toBeUndefined()
  expect(intervalOf([config(TOPIC, 'orders', 'index.interval.bytes', 'many')])).toBeUndefined()
  expect(new TopicIntervals(diskOf(new Map())).of(null, 'orders')).toBeUndefined()
})

function config(resourceType: number, resourceName: string, name: string, value: string): Buffer {
  return configRecord.encodeFramed({ resourceType, resourceName, name, value }, 0)
}

function intervalOf(records: readonly Buffer[]): number | undefined {
  const writer = new BatchWriter({ partitionLeaderEpoch: 1 })
  for (const value of records) writer.append({ timestamp: 1, key: null, value })
  const disk = diskOf(
    new Map([
      ['/d/meta.properties', Buffer.from('version=1\nnode.id=7\ncluster.id=ZobQtlxXQ5Oy9Bq19njqTw\n')],
      ['/d/__cluster_metadata-0/00000000000000000000.log', writer.finish()],
    ]),
  )
  return new TopicIntervals(disk).of(openLogDirectory(disk, '/d'), 'orders')
}
