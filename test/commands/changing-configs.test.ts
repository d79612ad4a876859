import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeConfigs } from '../../src/lib/protocol/apis/describe-configs.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { type ChangeRoom, changeRoom } from '../support/change-room.ts'
import { runLive } from '../support/run-live.ts'
import { answers, scriptedPeer } from '../support/scripted-peer.ts'

describe('commands that change configs', () => {
  let room: ChangeRoom

  beforeAll(async () => {
    room = await changeRoom()
    await room.rows('topics create', 'orders', 'payments', '-y')
  })
  afterAll(() => room[Symbol.asyncDispose]())

  const set = (...argv: string[]) => room.rows('configs set', ...argv, '-y')
  const unset = (...argv: string[]) => room.rows('configs unset', ...argv, '-y')

  it('set what is named, with what was in force before, and leave the rest', async () => {
    await set('topics', 'orders', 'segment.ms=60000')
    const { status, items } = await set('topics', 'orders', 'retention.ms=5000', 'cleanup.policy+=compact')
    expect(status).toBe(0)
    expect(items).toMatchObject([
      {
        item: 'orders retention.ms',
        action: 'set',
        before: { value: '604800000', source: 'DEFAULT_CONFIG' },
        after: { value: '5000', source: 'DYNAMIC_TOPIC_CONFIG' },
        status: 'done',
      },
      {
        item: 'orders cleanup.policy',
        action: 'append',
        after: { value: 'delete,compact', part: 'compact' },
      },
    ])
    expect(await valuesOf('orders')).toEqual({
      'cleanup.policy': 'delete,compact',
      'retention.ms': '5000',
      'segment.ms': '60000',
    })
    const again = await set('topics', 'orders', 'retention.ms=5000', 'cleanup.policy+=compact')
    expect(again.items.map(({ status }) => status)).toEqual(['unchanged', 'unchanged'])
    await set('topics', 'orders', 'cleanup.policy-=delete')
    expect(await valuesOf('orders')).toMatchObject({ 'cleanup.policy': 'compact' })
  })

  it('take a value as brokers understand it', async () => {
    const { items } = await set('topics', 'payments', 'preallocate=TRUE', 'cleanup.policy=delete, compact')
    expect(items.map(({ status }) => status)).toEqual(['done', 'done'])
    const again = await set('topics', 'payments', 'preallocate=TRUE', 'cleanup.policy=delete, compact')
    expect(again.items.map(({ status }) => status)).toEqual(['unchanged', 'unchanged'])
    await unset('topics', 'payments', 'preallocate', 'cleanup.policy')
  })

  it('unset what was set, and say what holds then; the file that was kept sets it again', async () => {
    await set('topics', 'payments', 'segment.bytes=2000000', 'retention.ms=9000')
    const { items } = await unset('topics', 'payments', 'segment.bytes', 'retention.ms', 'segment.ms')
    expect(items).toMatchObject([
      {
        before: { value: '2000000' },
        after: { value: '1073741824', source: 'DEFAULT_CONFIG' },
        status: 'done',
      },
      {
        before: { value: '9000' },
        after: { value: '604800000', source: 'DEFAULT_CONFIG' },
        status: 'done',
      },
      { status: 'unchanged' },
    ])
    const [kept = ''] = room.rollbacks().slice(-1)
    expect(await room.rows('apply', kept, '-y')).toMatchObject({ status: 0 })
    expect(await valuesOf('payments')).toEqual({ 'retention.ms': '9000', 'segment.bytes': '2000000' })
  })

  it.each([
    ['brokers', 'default', 'log.cleaner.threads', '2'],
    ['brokers', '1', 'log.cleaner.threads', '2'],
    ['groups', 'billing', 'consumer.session.timeout.ms', '50000'],
    ['client-metrics', 'all', 'interval.ms', '30000'],
  ])('change those of %s', async (type, name, key, value) => {
    const before = (await room.rows('configs get', type, name)).items
    expect((await set(type, name, `${key}=${value}`)).items).toMatchObject([
      { after: { value }, status: 'done' },
    ])
    const { items } = await room.rows('configs get', type, name)
    expect(items).toHaveLength(before.length + 1)
    expect(items).toContainEqual(expect.objectContaining({ name: key, value }))
    expect((await unset(type, name, key)).items).toMatchObject([{ status: 'done' }])
    expect((await room.rows('configs get', type, name)).items).toEqual(before)
  })

  it('fail for what brokers would refuse, before anything is changed', async () => {
    room.proxy.forget()
    const wrong = await set('topics', 'orders', 'retention.ms=soon')
    expect(wrong).toMatchObject({ status: 1, items: [{ status: 'failed', code: 'invalid-config' }] })
    const listed = await set('topics', 'orders', 'retention.ms+=5')
    expect(listed.json.errors).toMatchObject([{ code: 'config-no-list' }])
    const fixed = await set('brokers', '1', 'node.id=4')
    expect(fixed.json.errors).toMatchObject([{ code: 'config-read-only' }])
    const absent = await set('topics', 'nobody', 'retention.ms=5')
    expect(absent.json.errors).toMatchObject([{ item: 'nobody', code: 'topic-not-found' }])
    expect(room.proxy.changing()).toEqual([])
  })

  it.each([
    [
      'topics',
      'orders',
      'retention.msx',
      'topic orders has no config retention.msx',
      /^did you mean retention\.ms\b/,
    ],
    [
      'topics',
      'orders',
      'nope.x',
      'topic orders has no config nope.x',
      /^ktool configs get topics orders --all/,
    ],
    [
      'groups',
      'g',
      'share.session.timeout',
      'group g has no config share.session.timeout',
      /share\.session\.timeout\.ms/,
    ],
    ['client-metrics', 'm', 'interval', 'client metrics m has no config interval', /interval\.ms/],
    [
      'brokers',
      '1',
      'num.io.thread',
      'broker 1 has no config num.io.thread',
      /did you mean num\.io\.threads/,
    ],
    [
      'brokers',
      'default',
      'num.io.thread',
      'the default of all brokers has no config num.io.thread',
      /num\.io\.threads/,
    ],
  ])('refuse to unset what %s %s do not have: %s', async (type, name, key, message, hint) => {
    const refused = await unset(type, name, key)
    expect(refused.status).toBe(1)
    expect(refused.items).toEqual([])
    expect(refused.json.errors).toMatchObject([
      { item: `${name} ${key}`, code: 'no-such-config', message, hint: expect.stringMatching(hint) },
    ])
  })

  it.each([
    ['topics', 'orders', 'retention.msx=1'],
    ['groups', 'g', 'nope.x=1'],
    ['client-metrics', 'm', 'nope.x=1'],
  ])('refuse to set what %s %s do not have: %s', async (type, name, setting) => {
    room.proxy.forget()
    const refused = await set(type, name, setting)
    expect(refused).toMatchObject({ status: 1, json: { errors: [{ code: 'no-such-config' }] } })
    expect(room.proxy.changing()).toEqual([])
  })

  it.each(['1', 'default'])('leave names to brokers that a plug-in may know: broker %s', async (name) => {
    const made = await room.said('configs set', ['brokers', name, 'num.io.thread=9', '-y'])
    expect(made.status).toBe(0)
    expect(made.stderr).toMatch(
      /knows no config num\.io\.thread; it keeps it .* did you mean num\.io\.threads/,
    )
    expect((await set('brokers', name, 'num.io.thread=8')).items).toMatchObject([{ status: 'done' }])
    expect((await unset('brokers', name, 'num.io.thread')).items).toMatchObject([{ status: 'done' }])
    expect((await unset('brokers', name, 'listener.name.a.ssl.keystore.password')).status).toBe(0)
  })

  it('know what they are of in the singular too', async () => {
    expect((await set('topic', 'orders', 'segment.ms=70000')).items).toMatchObject([{ status: 'done' }])
    const shown = await room.rows('configs get', 'topic', 'orders', '--name', 'segment.ms')
    expect(shown.items).toMatchObject([{ type: 'topics', value: '70000' }])
    expect((await room.rows('configs diff', 'topic', 'orders', 'payments')).status).toBe(3)
    expect((await unset('topic', 'orders', 'segment.ms')).items).toMatchObject([{ status: 'done' }])
    for (const type of ['group', 'broker', 'client-metric'])
      expect((await room.rows('configs get', type)).status, type).toBe(0)
    const wrong = await room.said('configs get', ['topi', 'orders'])
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toContain(
      '"topi" is none of topics, brokers, groups, client-metrics, broker-loggers',
    )
  })

  it('neither take a secret from the command line nor print or keep one', async () => {
    const name = 'listener.name.internal.ssl.keystore.password'
    const typed = await room.said('configs set', ['brokers', '1', `${name}=hunter2`, '--dry-run'])
    expect(typed.status).toBe(2)
    expect(typed.stderr).not.toContain('hunter2')

    writeFileSync(room.path('password'), 'hunter2\n')
    const plan = room.path('secret.json')
    const argv = ['brokers', '1', `${name}=@${room.path('password')}`]
    const shown = await room.said('configs set', [...argv, '-o', 'json', '--plan-out', plan])
    expect(`${shown.stdout}${shown.stderr}`).not.toContain('hunter2')
    expect(shown.stdout).toContain('(secret)')
    expect(room.modeOf(plan)).toBe(0o600)
    expect(readFileSync(plan, 'utf8')).toContain('hunter2')
    await room.said('configs set', [...argv, '-y'])
    for (const kept of room.rollbacks()) expect(readFileSync(kept, 'utf8')).not.toContain('hunter2')
    // A broker calls it read-only, as Kafka does, and takes it away all the same.
    const { items } = await room.rows('configs get', 'brokers', '1')
    expect(items).toMatchObject([{ name, value: null, readOnly: true }])
    expect((await unset('brokers', '1', name)).items).toMatchObject([{ status: 'done' }])
  })

  it('unset the level of a logger, which then has that of the root logger', async () => {
    const levels = new Map([
      ['root', 'INFO'],
      ['kafka.server', 'DEBUG'],
    ])
    await using peer = await scriptedPeer([
      answers(describeConfigs, ({ resources }) => ({
        results: resources.map(({ resourceType, resourceName }) => ({
          ...{ errorCode: 0, resourceType, resourceName },
          configs: [...levels].map(([name, value]) => ({
            ...{ name, value, readOnly: false, configSource: 6, isSensitive: false },
          })),
        })),
      })),
      answers(incrementalAlterConfigs, ({ resources, validateOnly }) => ({
        responses: resources.map(({ resourceType, resourceName, configs }) => {
          for (const { name } of configs) if (!validateOnly) levels.set(name, 'INFO')
          return { errorCode: 0, errorMessage: null, resourceType, resourceName }
        }),
      })),
    ])
    const environment = { XDG_STATE_HOME: room.path('loggers') }
    const argv = ['broker-loggers', '1', 'kafka.server', '-y', '-o', 'json']
    const run = await runLive('configs unset', peer.bootstrap, argv, { environment })
    expect(JSON.parse(run.stdout).items).toMatchObject([
      { before: { value: 'DEBUG' }, after: { value: 'INFO' }, status: 'done' },
    ])
    const again = await runLive('configs unset', peer.bootstrap, argv, { environment })
    expect(JSON.parse(again.stdout).items).toMatchObject([{ status: 'unchanged' }])
  })

  it('compare two topics, and one with its defaults', async () => {
    await room.rows('topics create', 'left', 'right', '--config', 'retention.ms=1000', '-y')
    await set('topics', 'right', 'segment.bytes=2000000')
    const two = await room.rows('configs diff', 'topics', 'left', 'right')
    expect(two.status).toBe(3)
    expect(two.items).toMatchObject([{ name: 'segment.bytes', left: '1073741824', right: '2000000' }])
    const one = await room.rows('configs diff', 'topics', 'right')
    expect(one.items).toMatchObject([
      { name: 'retention.ms', right: null, rightInfo: { reason: expect.stringContaining('default') } },
      { name: 'segment.bytes', right: '1073741824' },
    ])
    expect(await room.rows('configs diff', 'topics', 'left', 'left')).toMatchObject({ status: 0, items: [] })
  })

  it('are refused by brokers older than Kafka 2.3 with a sentence', async () => {
    const config = { name: 'retention.ms', value: '1', readOnly: false, configSource: 5, isSensitive: false }
    const old = await scriptedPeer([
      answers(
        describeConfigs,
        ({ resources }) => ({
          results: resources.map(({ resourceType, resourceName }) => ({
            errorCode: 0,
            resourceType,
            resourceName,
            configs: [config],
          })),
        }),
        { max: 1 },
      ),
    ])
    const argv = ['topics', 'orders', 'retention.ms=5', '-y']
    const environment = { XDG_STATE_HOME: room.path('old') }
    const { status, stderr } = await runLive('configs set', old.bootstrap, argv, { environment })
    await old[Symbol.asyncDispose]()
    expect(status).toBe(1)
    expect(stderr).toMatch(/older than Kafka 2\.3/)
  })

  async function valuesOf(topic: string): Promise<Record<string, unknown>> {
    const { items } = await room.rows('configs get', 'topics', topic)
    return Object.fromEntries(items.map(({ name, value }) => [name, value]))
  }
})
