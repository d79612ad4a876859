import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ChangeRoom, changeRoom } from '../support/change-room.ts'

describe('commands that change quotas', () => {
  let room: ChangeRoom

  beforeAll(async () => {
    room = await changeRoom()
  })
  afterAll(() => room[Symbol.asyncDispose]())
  beforeEach(() => room.proxy.forget())

  const set = (...argv: string[]) => room.rows('quotas set', ...argv, '-y')
  const remove = (...argv: string[]) => room.rows('quotas delete', ...argv, '-y')
  const listed = async (...argv: string[]) =>
    (await room.rows('quotas list', ...argv)).items.map(({ entity, quota, value }) => [entity, quota, value])

  it.each([
    [['--user', 'ann'], { user: 'ann' }],
    [['--user', '<default>'], { user: null }],
    [['--client-id', 'app'], { 'client-id': 'app' }],
    [['--user', 'ann', '--client-id', '<default>'], { user: 'ann', 'client-id': null }],
    [['--user', '<default>', '--client-id', '<default>'], { user: null, 'client-id': null }],
  ])('set and delete those of %j', async (flags, entity) => {
    const { status, items } = await set(...flags, 'producer_byte_rate=1048576', 'request_percentage=12.5')
    expect(status).toBe(0)
    expect(items).toMatchObject([
      { action: 'set', before: null, after: 1048576, status: 'done' },
      { action: 'set', before: null, after: 12.5, status: 'done' },
    ])
    expect(await listed()).toEqual([
      [entity, 'producer_byte_rate', 1048576],
      [entity, 'request_percentage', 12.5],
    ])
    const gone = await remove(...flags)
    expect(gone.items.map((row) => row.status)).toEqual(['done', 'done'])
    expect(await listed()).toEqual([])
  })

  it.each([
    ['delete', ['--user', 'ann'], 'producer_byte_rat', 'user=ann has no limit producer_byte_rat'],
    ['delete', ['--user', 'ann'], 'nope', 'user=ann has no limit nope'],
    [
      'set',
      ['--user', 'ann'],
      'connection_creation_rate=1',
      'user=ann has no limit connection_creation_rate',
    ],
    ['set', ['--ip', '127.0.0.1'], 'producer_byte_rate=1', 'ip=127.0.0.1 has no limit producer_byte_rate'],
  ])('refuse to %s what %j cannot have: %s', async (verb, entity, limit, message) => {
    const refused = await (verb === 'set' ? set : remove)(...entity, limit)
    expect(refused).toMatchObject({
      status: 1,
      items: [],
      json: { errors: [{ code: 'no-such-quota', message }] },
    })
    expect(room.proxy.changing()).toEqual([])
    expect((await remove('--user', 'ann', 'producer_byte_rate')).status).toBe(0)
  })

  it('set one limit and leave the others, a second time nothing, and undo it', async () => {
    await set('--user', 'ann', 'producer_byte_rate=1', 'consumer_byte_rate=2')
    await set('--user', 'ann', '--client-id', 'app', 'producer_byte_rate=9')
    room.proxy.forget()
    const more = await set('--user', 'ann', 'producer_byte_rate=5')
    expect(more.items).toMatchObject([
      { item: 'user=ann producer_byte_rate', before: 1, after: 5, status: 'done' },
    ])
    const changing = room.proxy.changing().filter(({ question }) => question.validateOnly !== true)
    expect(changing.map(({ api }) => api)).toEqual(['AlterClientQuotas'])
    expect(changing[0]?.question).toMatchObject({
      entries: [{ ops: [{ key: 'producer_byte_rate', value: 5, remove: false }] }],
    })
    expect((await set('--user', 'ann', 'producer_byte_rate=5')).items).toMatchObject([
      { status: 'unchanged' },
    ])
    expect(await listed('--user', 'ann', '--strict')).toMatchObject([
      [{ user: 'ann' }, 'consumer_byte_rate', 2],
      [{ user: 'ann' }, 'producer_byte_rate', 5],
    ])
    expect(await listed('--user', 'ann')).toHaveLength(3)
    const [kept = ''] = room.rollbacks().slice(-1)
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ kind: 'quotas.alter' })
    expect(await room.rows('apply', kept, '-y')).toMatchObject({ status: 0, items: [{ after: 1 }] })

    const gone = await remove('--user', 'ann', 'consumer_byte_rate', 'controller_mutation_rate')
    expect(gone.items).toMatchObject([{ item: 'user=ann consumer_byte_rate', status: 'done' }])
    await remove('--user', 'ann')
    expect(await listed()).toMatchObject([[{ user: 'ann', 'client-id': 'app' }, 'producer_byte_rate', 9]])
    await remove('--user', 'ann', '--client-id', 'app')
    expect(await remove('--user', 'ann')).toMatchObject({ status: 0, items: [] })
  })

  it('change nothing when they are only to show it', async () => {
    await set('--ip', '10.0.0.1', 'connection_creation_rate=5')
    room.proxy.forget()
    const planned = [{ status: 'planned' }]
    expect(await room.rows('quotas set', '--user', 'ann', 'producer_byte_rate=1', '--dry-run')).toMatchObject(
      {
        status: 0,
        items: planned,
      },
    )
    expect(await room.rows('quotas delete', '--ip', '10.0.0.1', '--dry-run')).toMatchObject({
      items: planned,
    })
    expect(room.proxy.changing()).toEqual([])
    await remove('--ip', '10.0.0.1')
  })

  it.each([
    [['--user', 'ann', 'producer_byte_rate=0'], 'must be greater than 0'],
    [['--user', 'ann', 'producer_byte_rate=0.5'], 'cannot be a fractional value'],
  ])('fail for what brokers refuse, %j, before anything is changed', async (argv, reason) => {
    const { status, json } = await set(...argv)
    expect(status).toBe(1)
    expect(json.errors).toMatchObject([{ code: 'invalid-request', message: expect.stringContaining(reason) }])
    expect(room.proxy.changing()).toEqual([])
    expect(await listed()).toEqual([])
  })

  it.each([
    ['quotas set', ['producer_byte_rate=1'], /quotas are of a user, a client id, both, or an address/],
    ['quotas delete', [], /this is of nobody/],
    ['quotas set', ['--ip', '10.0.0.1', '--user', 'ann', 'producer_byte_rate=1'], /user=ann ip=10\.0\.0\.1/],
    ['quotas delete', ['--ip', '10.0.0.1', '--client-id', 'app'], /client-id=app ip=10\.0\.0\.1/],
    ['quotas set', ['--user', 'ann'], /needs LIMITS/],
    ['quotas set', ['--user', 'ann', 'producer_byte_rate'], /"producer_byte_rate" is no limit/],
    ['quotas set', ['--user', 'ann', 'producer_byte_rate='], /is no limit/],
    ['quotas set', ['--user', 'ann', 'producer_byte_rate=much'], /"producer_byte_rate=much" is no limit/],
    ['quotas set', ['--user', 'ann', 'producer_byte_rate=1e999'], /is no limit/],
    ['quotas set', ['--user', 'ann', '=5'], /"=5" is no limit/],
  ])('refuse %s %j before anything is asked', async (name, argv, reason) => {
    const { status, stderr } = await room.said(name, [...argv, '-y'])
    expect([status, stderr]).toEqual([2, expect.stringMatching(reason)])
    expect(room.proxy.asked).toEqual([])
  })

  it('want a yes where nobody is there to be asked', async () => {
    const { status, stderr } = await room.said('quotas set', ['--user', 'ann', 'producer_byte_rate=1'])
    expect([status, stderr]).toEqual([2, expect.stringMatching(/--yes/)])
    expect(room.proxy.asked).toEqual([])
  })
})
