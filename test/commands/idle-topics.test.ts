import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { jsonLive, runLive } from '../support/run-live.ts'

const DAY_MS = 24 * 60 * 60_000

describe('ktool topics idle', () => {
  let broker: BrokerInProcess
  let writer: LiveWriter
  const startMs = Date.now()
  const daysAgo = (days: number) => startMs - days * DAY_MS

  beforeAll(async () => {
    broker = await brokerInProcess()
    writer = new LiveWriter(broker.bootstrap)
    const forever = { 'retention.ms': '-1', 'message.timestamp.after.max.ms': String(DAY_MS) }
    for (const topic of ['busy', 'old', 'older', 'trimmed', 'ahead']) await writer.topic(topic, 2, forever)
    await writer.topic('empty', 3)
    await writer.write('busy', 0, { timestampMs: daysAgo(30) })
    await writer.write('busy', 1, { timestampMs: startMs })
    await writer.write('old', 0, { timestampMs: daysAgo(10) })
    await writer.write('old', 1, { timestampMs: daysAgo(8) })
    await writer.write('older', 1, { timestampMs: daysAgo(90), sizeBytes: 5000 })
    await writer.write('trimmed', 0, { count: 3, timestampMs: startMs })
    // Its segment is still there, and with it the time of its last record: it is not idle.
    await writer.trim('trimmed', 0, 3)
    await writer.write('ahead', 0, { timestampMs: startMs + DAY_MS / 2 })
    await writer.commit('billing', 'old', { 0: 1 })
    await writer.commit('audit', 'old', { 1: 0 })
    await writer.commit('audit', 'busy', { 1: 0 })
  })

  afterAll(async () => {
    await writer[Symbol.asyncDispose]()
    await broker[Symbol.asyncDispose]()
  })

  const idle = (...args: string[]) => jsonLive('topics idle', broker.bootstrap, args)

  it('names the topics without a record for a week, and the groups that have commits of them', async () => {
    const { items, status, stderr } = await idle()
    expect(status).toBe(0)
    expect(
      items.map(({ topic, partitions, lastRecordMs, groups, reason }) => [
        ...[topic, partitions, lastRecordMs, groups, reason],
      ]),
    ).toEqual([
      ['empty', 3, null, [], 'it was never written to'],
      ['older', 2, daysAgo(90), [], null],
      ['old', 2, daysAgo(8), ['audit', 'billing'], null],
    ])
    expect(items[0]).toMatchObject({ idleForMs: null, readingGroups: [] })
    const idleForMs = Number(items[2]?.idleForMs)
    expect(idleForMs).toBeGreaterThanOrEqual(8 * DAY_MS)
    expect(idleForMs).toBeLessThan(8 * DAY_MS + 60_000)
    expect(stderr).toContain('ahead counts as written to: it has a record of ')
  })

  it('takes another length of time, and counts empty topics whatever it is', async () => {
    const { items } = await idle('--since', '60d')
    expect(items.map(({ topic }) => topic)).toEqual(['empty', 'older'])
  })

  it('is content where nothing matches', async () => {
    const { status, items, stdout } = await idle('busy')
    expect([status, items]).toEqual([0, []])
    expect(JSON.parse(stdout)).toMatchObject({ items: [] })
  })

  it('fails for a topic that is not there, and judges the others', async () => {
    const { status, items, json } = await idle('old', 'nope', 'nope')
    expect([status, items.length]).toEqual([1, 1])
    expect(json.errors).toMatchObject([{ item: 'nope', code: 'topic-not-found' }])
  })

  it('leaves out topics of coordinators, unless they are asked for or named', async () => {
    const names = async (...args: string[]) =>
      (await idle('--since', '0s', ...args)).items.map(({ topic }) => topic)
    expect(await names()).not.toContain('__consumer_offsets')
    expect(await names('--internal')).toContain('__consumer_offsets')
    expect(await names('__consumer_offsets')).toEqual(['__consumer_offsets'])
  })

  it('tells sizes if it is asked to, as a column of the table too', async () => {
    const table = async (...args: string[]) =>
      (await runLive('topics idle', broker.bootstrap, ['older', ...args])).stdout.split('\n')
    expect((await table())[0]).toBe('TOPIC\tPARTITIONS\tLAST RECORD\tIDLE FOR\tGROUPS\tREASON')
    expect((await table('--size'))[0]).toContain('\tSIZE\t')
    const { items } = await idle('older', '--size')
    expect(Number(items[0]?.sizeBytes)).toBeGreaterThan(5000)
    expect((await idle('older')).items[0]).toMatchObject({ sizeBytes: null })
  })
})
