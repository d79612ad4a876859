import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import type { RecordFields } from '../../src/lib/records/record-fields.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'

const text = (value: string | null) => (value === null ? null : Buffer.from(value))

describe('consume and tail on a live cluster', () => {
  let broker: BrokerInProcess
  let writer: LiveWriter

  /** `[timestamp, key, value, headers]` each. */
  async function write(
    topic: string,
    partition: number,
    ...records: readonly [number, string | null, string | null, Record<string, string>?][]
  ): Promise<void> {
    const batch = new BatchWriter()
    for (const [timestamp, key, value, headers = {}] of records) {
      const fields: RecordFields = {
        timestamp,
        key: text(key),
        value: text(value),
        headers: Object.entries(headers).map(([name, said]) => ({
          key: Buffer.from(name),
          value: Buffer.from(said),
        })),
      }
      batch.append(fields)
    }
    const partitionData = [{ index: partition, records: batch.finish() }]
    const topicData = [{ name: topic, partitionData }]
    await writer.cluster.ask(produce, { acks: -1, timeoutMs: 5000, topicData }, { max: 12 })
  }

  beforeAll(async () => {
    broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
    writer = new LiveWriter(broker.bootstrap)
    await writer.topic('orders', 2)
    await write('orders', 0, [1000, 'a', 'one'], [3000, 'b', 'three', { source: 'web' }], [5000, 'a', null])
    await write('orders', 1, [2000, null, 'two'], [4000, 'c', 'four\u001b[31m'])
  })

  afterAll(async () => {
    await writer[Symbol.asyncDispose]()
    await broker[Symbol.asyncDispose]()
  })

  const run = (...argv: string[]) => runLive(argv[0] ?? '', broker.bootstrap, argv.slice(1))

  it('print one partition after the other, or all by their timestamps', async () => {
    const format = ['--format', '%p:%o %v\\n']
    expect((await run('consume', 'orders', ...format)).stdout).toBe(
      '0:0 one\n0:1 three\n0:2 \n1:0 two\n1:1 four\u001b[31m\n',
    )
    expect((await run('consume', 'orders', '--by-time', ...format)).stdout).toBe(
      '0:0 one\n1:0 two\n0:1 three\n1:1 four\u001b[31m\n0:2 \n',
    )
    expect((await run('tail', 'orders', '-n', '3', ...format)).stdout).toBe(
      '0:1 three\n1:1 four\u001b[31m\n0:2 \n',
    )
  })

  it('print the same lines of JSON as rows and as bytes', async () => {
    const { stdout, status } = await run('consume', 'orders:0', '-o', 'jsonl')
    expect(status).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { topic: 'orders', partition: 0, offset: 0, timestamp: 1000, key: 'a', value: 'one', headers: [] },
      { offset: 1, key: 'b', value: 'three', headers: [['source', 'web']] },
      { offset: 2, key: 'a', value: null },
    ])
    const document = await run('consume', 'orders:0', '-o', 'json')
    expect(JSON.parse(document.stdout).items).toEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
  })

  it('print values as they are, with -o raw', async () => {
    const { stdout } = await run('consume', 'orders:0', '-o', 'raw')
    expect(stdout).toBe('one\nthree\n\n')
  })

  it.each([
    ['k:a', '0:0 0:2 '],
    ['!k:a', '0:1 1:0 1:1 '],
    ['v~o', '0:0 1:0 1:1 '],
    ['v:/^t.*e$/', '0:1 '],
    ['v:/THREE/i', '0:1 '],
    ['!v', '0:2 '],
    ['k', '0:0 0:1 0:2 1:1 '],
    ['h:source=web', '0:1 '],
    ['h:source', '0:1 '],
    ['h:source=/w/', '0:1 '],
    ['!h:source', '0:0 0:2 1:0 1:1 '],
  ])('find what --match %s says', async (match, found) => {
    const { stdout } = await run('consume', 'orders', '--match', match, '--format', '%p:%o ')
    expect(stdout).toBe(found)
  })

  it('refuse a match that says nothing', async () => {
    for (const match of ['x', 'k:/(/', 'h:', '!']) {
      expect(await run('consume', 'orders', '--match', match)).toMatchObject({ status: 2, stdout: '' })
    }
  })

  it('write each letter of a format', async () => {
    const format = '%t|%p|%o|%k|%s|%h|%T|%d|%K|%S|%H|%i|%%|\\x41\\t\\\\\\n'
    const { stdout } = await run('consume', 'orders:0', '--from', '1', '-n', '1', '--format', format)
    expect(stdout).toBe('orders|0|1|b|three|source=web|3000|1970-01-01T00:00:03.000Z|1|5|1|1|%|A\t\\\n')
    expect((await run('consume', 'orders', '--format', '%q')).status).toBe(2)
  })

  it('fail for what is not there, and print the rest', async () => {
    const { status, stdout, stderr } = await run('consume', 'nope', 'orders:0,7', '-o', 'jsonl', '-n', '1')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ partition: 0, offset: 0 })
    const errors = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).error)
    expect(errors).toMatchObject([
      { item: 'nope', code: 'topic-not-found' },
      { item: 'orders:7', code: 'partition-not-found' },
    ])
  })

  it('go on with what is written, up to as many as are wanted', async () => {
    await writer.topic('news', 2)
    await write('news', 0, [1000, null, 'old'])
    const following = run('consume', 'news', '-f', '-n', '3', '-o', 'raw')
    await write('news', 1, [2000, null, 'new'])
    await write('news', 0, [3000, null, 'newer'])
    const { stdout, status } = await following
    expect(status).toBe(0)
    expect(stdout.split('\n').sort()).toEqual(['', 'new', 'newer', 'old'])
  })

  it('commit for a group what was printed, and begin there the next time', async () => {
    const read = (...argv: string[]) =>
      run('consume', 'orders', '-g', 'readers', '--format', '%p:%o\\n', ...argv)
    const first = await read('-n', '1')
    const rest = await read()
    expect([first.status, rest.status]).toEqual([0, 0])
    const lines = [...first.stdout.trim().split('\n'), ...rest.stdout.trim().split('\n')]
    expect(lines.sort()).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1'])
    expect((await read()).stdout).toBe('')
  })

  it('take no partitions and no offsets for a group', async () => {
    expect(await run('consume', 'orders:0', '-g', 'readers')).toMatchObject({ status: 2 })
    expect(await run('consume', 'orders', '-g', 'readers', '--from', '7')).toMatchObject({ status: 2 })
    expect(await run('consume', 'orders', '-g', 'readers', '-p', '0')).toMatchObject({ status: 2 })
  })
})
