import { beforeEach, describe, expect, it } from 'vitest'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { FetchRig, type From } from './fetch-rig.ts'

const GONE = 70
const WRONG_EPOCH = 71
const WRONG_NAMES = 106

let rig: FetchRig
let sessionId = 0

const all: readonly From[] = [{ offset: 0 }, { offset: 0, partition: 1 }, { offset: 0, topic: 'other' }]

beforeEach(async () => {
  rig = await FetchRig.open()
  const opened = await rig.fetch(all, { sessionEpoch: 0 })
  sessionId = opened.sessionId
})

const go = (sessionEpoch: number, from: readonly From[] = [], more = {}) =>
  rig.fetch(from, { sessionId, sessionEpoch, ...more })

const names = (answer: Awaited<ReturnType<typeof go>>) =>
  answer.seen.map(({ topic, partition }) => `${topic}-${partition}`)

function forgetting(topic: string, partitions: number[]) {
  return { forgottenTopicsData: [{ topic, topicId: 'AAAAAAAAAAAAAAAAAAAAAA', partitions }] }
}

describe('a fetch session', () => {
  it('tells what is new, and nothing else', async () => {
    expect(sessionId).toBeGreaterThan(0)
    expect(names(await go(1))).toEqual([])
    await rig.send('one', { partition: 1 })
    expect(names(await go(2))).toEqual(['orders-1'])
    expect(names(await go(3, [{ offset: 1, partition: 1 }]))).toEqual([])
  })

  it('lets those wait behind who had their turn', async () => {
    for (const partition of [0, 1]) await rig.send('one', { partition })
    await rig.send('one', { topic: 'other' })
    const first = async (epoch: number) =>
      (await go(epoch, [], { maxBytes: 1 })).seen.find(({ bytes }) => bytes > 0)
    expect([await first(1), await first(2), await first(3), await first(4)]).toMatchObject([
      { topic: 'orders', partition: 0 },
      { topic: 'orders', partition: 1 },
      { topic: 'other', partition: 0 },
      { topic: 'orders', partition: 0 },
    ])
  })

  it('repeats errors, and tells a partition again once it is well', async () => {
    expect(names(await go(1, [{ offset: 9 }]))).toEqual(['orders-0'])
    expect(names(await go(2))).toEqual(['orders-0'])
    expect((await go(3, [{ offset: 0 }])).seen).toMatchObject([{ topic: 'orders', partition: 0, error: 0 }])
    expect(names(await go(4))).toEqual([])
  })

  it('forgets partitions, and ends with the last', async () => {
    expect((await go(1, [], forgetting('orders', [0, 1]))).sessionId).toBe(sessionId)
    await rig.send('one')
    expect(names(await go(2))).toEqual([])
    expect((await go(3, [], forgetting('other', [0]))).sessionId).toBe(0)
    expect((await go(4)).error).toBe(GONE)
  })

  it('is refused to who has lost count, and goes on for who has not', async () => {
    expect((await go(2)).error).toBe(WRONG_EPOCH)
    expect((await go(1)).error).toBe(0)
    expect((await go(1)).error).toBe(WRONG_EPOCH)
    expect((await go(2)).error).toBe(0)
  })

  it('is of names or of ids, not of both', async () => {
    const answer = await rig.node.ask(fetch, 13, { maxWaitMs: 0, minBytes: 1, sessionId, sessionEpoch: 1 })
    expect(answer.errorCode).toBe(WRONG_NAMES)
  })

  it('gives way to a new one of the same client, and to its farewell', async () => {
    const { sessionId: next } = await go(0, all)
    expect(next).not.toBe(sessionId)
    expect((await go(1)).error).toBe(GONE)
    await rig.fetch([], { sessionId: next, sessionEpoch: -1 })
    expect(rig.node.node.fetchSessions.count).toBe(0)
  })

  it('has room for so many and no more', async () => {
    rig = await FetchRig.open({ settings: { 'max.incremental.fetch.session.cache.slots': '2' } })
    const open = async () => (await rig.fetch(all, { sessionEpoch: 0 })).sessionId
    const [first, second, third] = [await open(), await open(), await open()]
    expect(first).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(0)
    expect(third).toBe(0)
    await rig.node.clock.pass(121_000)
    expect(await open()).toBeGreaterThan(0)
    expect(rig.node.node.fetchSessions.count).toBe(2)
    expect((await rig.fetch([], { sessionId: first, sessionEpoch: 1 })).error).toBe(GONE)
  })
})
