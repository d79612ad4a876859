import { describe, expect, it } from 'vitest'
import { aroundBroker } from '../support/around-broker.ts'
import type { LiveWriter } from '../support/live-writer.ts'
import { jsonLive, runLive } from '../support/run-live.ts'

describe('ktool lag of a live cluster', () => {
  let writer: LiveWriter
  let bootstrap: string

  aroundBroker(async (live, at) => {
    writer = live
    bootstrap = at
    await writer.topic('orders', 3)
    await writer.topic('short-lived', 1)
    for (const partition of [0, 1, 2]) await writer.write('orders', partition, { count: 10 })
    await writer.write('short-lived', 0, { count: 4 })
    const producer = await writer.producer('etl-1')
    await writer.begin(producer, 'orders', [1])
    await writer.write('orders', 1, { count: 5, producer })
    await writer.commit('billing', 'orders', { 0: 7, 1: 10, 2: 25 })
    await writer.commit('billing', 'short-lived', { 0: 1 })
    await writer.commit('late', 'orders', { 0: 2 })
    await writer.commitWithin(producer, 'billing', 'orders', 9)
    await writer.trim('orders', 0, 4)
    await writer.remove('short-lived')
  })

  const lag = (...args: string[]) => jsonLive('lag', bootstrap, args)

  it('has a row for every partition with a commit, whatever became of it', async () => {
    const { items, status } = await lag('billing', 'late')
    expect(status).toBe(0)
    expect(
      items.map(({ group, topic, partition, committed, end, lag, lost, reason }) => ({
        ...{ at: `${group} ${topic}:${partition}`, committed, end, lag, lost, reason },
      })),
    ).toEqual([
      {
        at: 'billing orders:0',
        ...{ committed: 7, end: 10, lag: 3, lost: 0, reason: 'an open transaction holds a commit' },
      },
      { at: 'billing orders:1', committed: 10, end: 15, lag: 5, lost: 0, reason: null },
      {
        at: 'billing orders:2',
        ...{ committed: 25, end: 10, lag: 0, lost: 0 },
        reason: 'the commit is 15 beyond the end: the log was cut, or the topic made anew',
      },
      {
        at: 'late orders:0',
        ...{ committed: 2, end: 10, lag: 8, lost: 2 },
        reason: '2 offsets before the log start are gone: the next fetch is out of range',
      },
    ])
    expect(items[0]).toMatchObject({
      logStart: 4,
      highWatermark: 10,
      lastStable: 10,
      logEnd: null,
      logEndInfo: { reason: expect.stringContaining('replicas only') },
    })
  })

  it('counts to the last stable offset if asked to, and names the transaction that holds it', async () => {
    const { items } = await lag('billing', '--isolation', 'committed', '--topic', 'orders')
    expect(items[1]).toMatchObject({
      partition: 1,
      end: 10,
      lag: 0,
      highWatermark: 15,
      reason: 'the transaction of "etl-1" holds the last stable offset at 10',
    })
    expect(items[0]).toMatchObject({ end: 10, lag: 3 })
  })

  it('says how old the first unread record is, by the broker', async () => {
    const { items } = await lag('late', '--time')
    // The record at the log start, 4: written with timestamp 1004.
    const [row] = items
    expect(Date.now() - Number(row?.timeLagMs)).toBeGreaterThanOrEqual(1004)
    expect(Date.now() - Number(row?.timeLagMs)).toBeLessThan(61_004)
    expect(row).not.toHaveProperty('timeLagMsInfo')
  })

  it('exits 3 where a row lags by more than it may', async () => {
    const { status, stderr, items } = await lag('--all', '--max', '7')
    expect([status, items.length]).toEqual([3, 4])
    expect(stderr).toContain('1 of 4 rows lag by more than 7')
  })

  it('adds partitions up', async () => {
    const { items } = await lag('--all', '--by', 'group')
    expect(items).toMatchObject([
      { group: 'billing', partitions: 3, lag: 8, maxLag: 5 },
      { group: 'late', partitions: 1, lag: 8 },
    ])
  })

  it('fails for a group that is not there, and names the nearest', async () => {
    const { status, items, json } = await lag('billin', 'late')
    expect([status, items.length]).toEqual([1, 1])
    expect(json.errors).toMatchObject([
      { item: 'billin', code: 'group-not-found', hint: expect.stringContaining('did you mean "billing"?') },
    ])
  })

  it('finds groups by topic and state', async () => {
    const names = async (...args: string[]) =>
      (await jsonLive('groups list', bootstrap, args)).items.map(({ group }) => group)
    expect(await names()).toEqual(['billing', 'late'])
    expect(await names('--topic', 'orders', '--state', 'empty')).toEqual(['billing', 'late'])
    expect(await names('--topic', 'nothing')).toEqual([])
    expect(await names('--state', 'Stable')).toEqual([])
    const { stdout } = await runLive('groups list', bootstrap)
    expect(stdout.split('\n')[0]).toBe('GROUP\tTYPE\tPROTOCOL\tSTATE')
  })

  it('warns of commits that are out of range, beside the table', async () => {
    const { stderr } = await runLive('lag', bootstrap, ['--all'])
    expect(stderr).toContain('late in orders:0: the commit is below the log start')
    expect(stderr).toContain('billing in orders:2: the commit is beyond the end')
  })
})
