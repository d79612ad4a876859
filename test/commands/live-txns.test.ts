import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter, type Producer } from '../support/live-writer.ts'
import { jsonLive, runLive } from '../support/run-live.ts'

describe('ktool txns of a live cluster', () => {
  let broker: BrokerInProcess
  let writer: LiveWriter
  let open: Producer

  beforeAll(async () => {
    broker = await brokerInProcess()
    writer = new LiveWriter(broker.bootstrap)
    await writer.topic('orders', 3)
    const done = await writer.producer('etl-done')
    await writer.begin(done, 'orders', [0])
    await writer.write('orders', 0, { count: 2, producer: done })
    await writer.end(done, true)
    open = await writer.producer('etl-open')
    await writer.begin(open, 'orders', [0, 1])
    await writer.write('orders', 0, { count: 2, producer: open, timestampMs: Date.now() })
  })

  afterAll(async () => {
    await writer[Symbol.asyncDispose]()
    await broker[Symbol.asyncDispose]()
  })

  const txns = (verb: string, ...args: string[]) => jsonLive(`txns ${verb}`, broker.bootstrap, args)

  it('lists what coordinators know of each transactional id', async () => {
    const { items } = await txns('list', '--state', 'Ongoing')
    expect(items).toMatchObject([
      {
        transactionalId: 'etl-open',
        coordinator: expect.any(Number),
        state: 'Ongoing',
        producerId: Number(open.producerId),
        partitions: ['orders:0-1'],
        lastUpdateMs: null,
      },
    ])
    expect((await txns('list', '--older-than', '1h')).items).toEqual([])
    expect((await txns('list', '--producer-id', String(open.producerId))).items).toHaveLength(1)
    expect((await txns('list')).items).toHaveLength(2)
  })

  it('lists those that are named, and those that patterns match', async () => {
    const ids = async (...args: string[]) =>
      (await txns('list', ...args)).items.map(({ transactionalId }) => transactionalId)
    expect(await ids('etl-open')).toEqual(['etl-open'])
    expect(await ids('etl-open', '--state', 'CompleteCommit')).toEqual([])
    expect(await ids('--regex', 'etl-.*')).toEqual(['etl-done', 'etl-open'])
    expect(await ids('--regex', 'etl', 'x.*')).toEqual([])
    expect(await ids('--regex', '.*-open', '--state', 'Ongoing')).toEqual(['etl-open'])
    const absent = await txns('list', 'etl-open', 'etl-opne')
    expect(absent).toMatchObject({
      status: 1,
      items: [{ transactionalId: 'etl-open' }],
      json: { errors: [{ code: 'transactional-id-not-found', hint: expect.stringContaining('"etl-open"') }] },
    })
    expect((await txns('list', '--regex')).status).toBe(2)
  })

  it('describes where a transaction is open', async () => {
    const { items, json, status } = await txns('describe', 'etl-open', 'etl-opne')
    expect(status).toBe(1)
    expect(items[0]?.open).toMatchObject([{ topic: 'orders', partition: 0, firstOffset: 3, lastStable: 3 }])
    expect(json.errors).toMatchObject([
      { code: 'transactional-id-not-found', hint: expect.stringContaining('did you mean "etl-open"') },
    ])
  })

  it('lists who writes to partitions', async () => {
    const { items, json, status } = await txns('producers', 'orders:0', 'nothing')
    expect(status).toBe(1)
    expect(
      items.map(({ producerEpoch, firstOffset, lastSequence }) => [producerEpoch, firstOffset, lastSequence]),
    ).toEqual([
      [0, null, expect.anything()],
      [0, 3, 1],
    ])
    expect(json.errors).toMatchObject([{ item: 'nothing', code: 'topic-not-found' }])
  })

  describe('abort', () => {
    it('leaves a transaction alone that somebody will end by himself', async () => {
      const { status, items, json } = await txns('abort', 'orders', '--confirm', 'orders:0 3')
      expect([status, items]).toEqual([1, []])
      expect(json.errors).toMatchObject([
        { item: 'orders:0 3', code: 'not-hanging', hint: expect.stringContaining('--force') },
      ])
    })

    it('sends nothing where it is only tried, and needs the name of what it ends', async () => {
      const tried = await txns('abort', 'orders:0', '--force', '--dry-run')
      expect(tried.items).toMatchObject([
        {
          item: 'orders:0 3',
          action: 'abort',
          before: { firstOffset: 3, producerEpoch: 0 },
          status: 'planned',
        },
      ])
      expect((await txns('abort', 'orders:0', '--force', '--yes')).status).toBe(2)
      expect((await txns('producers', 'orders:0')).items.map(({ firstOffset }) => firstOffset)).toContain(3)
    })

    it('lets readers of committed records go on, and finds nothing the second time', async () => {
      const stateFolder = mkdtempSync(join(tmpdir(), 'ktool-state-'))
      const abort = async (...args: string[]) => {
        const argv = ['orders', '--force', '--confirm', 'orders:0 3', '-o', 'json', ...args]
        const environment = { XDG_STATE_HOME: stateFolder }
        const { status, stdout } = await runLive('txns abort', broker.bootstrap, argv, { environment })
        return { status, items: JSON.parse(stdout).items }
      }
      const { status, items } = await abort('--start-offset', '3')
      expect([status, items]).toMatchObject([0, [{ item: 'orders:0 3', status: 'done' }]])
      expect((await txns('hanging', 'orders')).items).toEqual([])
      const [end] = (await jsonLive('offsets get', broker.bootstrap, ['orders:0', '--time', 'committed']))
        .items
      expect(end).toMatchObject({ offset: 6 })
      const again = await abort()
      expect([again.status, again.items]).toEqual([0, []])
      rmSync(stateFolder, { recursive: true })
    })
  })
})
