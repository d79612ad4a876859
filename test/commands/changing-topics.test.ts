import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Stop } from '../../src/lib/cli/stop.ts'
import { type ChangeRoom, changeRoom } from '../support/change-room.ts'
import { LiveWriter } from '../support/live-writer.ts'

describe('commands that change topics', () => {
  let room: ChangeRoom
  let writer: LiveWriter

  beforeAll(async () => {
    room = await changeRoom()
    writer = new LiveWriter(room.proxy.bootstrap)
  })
  afterAll(async () => {
    await writer[Symbol.asyncDispose]()
    await room[Symbol.asyncDispose]()
  })
  beforeEach(() => room.proxy.forget())

  it('refuse where nobody can be asked, before anything is asked of the cluster', async () => {
    const { status, stderr } = await room.said('topics create', ['unasked'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/--yes was not given/)
    expect(room.proxy.asked).toEqual([])
  })

  it('send nothing that changes anything on a dry run', async () => {
    await writer.topic('dry', 3)
    writeFileSync(room.path('dry.yaml'), 'topic: dry\npartitions: 5\nconfigs: {retention.ms: 5000}\n')
    room.proxy.forget()
    const runs: [string, ...string[]][] = [
      ['topics create', 'made-dry', '-p', '2'],
      ['topics delete', 'dry'],
      ['topics alter', 'dry', '--partitions', '+1'],
      ['topics trim', 'dry', '--before', 'end'],
      ['topics apply', room.path('dry.yaml')],
      ['configs set', 'topics', 'dry', 'retention.ms=1000'],
      ['configs unset', 'topics', 'dry', 'retention.ms'],
    ]
    for (const [name, ...argv] of runs) {
      expect(await room.rows(name, ...argv, '--dry-run')).toMatchObject({ status: 0 })
    }
    expect(room.proxy.asked.length).toBeGreaterThan(10)
    expect(room.proxy.changing()).toEqual([])
  })

  it('create what the plan says and nothing more, keep what undoes it, and do nothing a second time', async () => {
    const before = room.rollbacks().length
    const create = () => room.rows('topics create', 'made', '-p', '2', '--config', 'retention.ms=5000', '-y')
    const { status, items, stderr } = await create()
    const after = { partitions: 2, replicationFactor: 1, configs: { 'retention.ms': '5000' } }
    expect(status).toBe(0)
    expect(items).toMatchObject([{ item: 'made', action: 'create', before: null, after, status: 'done' }])
    expect(room.proxy.changing()).toMatchObject([
      { api: 'CreateTopics', question: { topics: [{ name: 'made', numPartitions: 2 }] } },
    ])

    const [kept = ''] = room.rollbacks().slice(before)
    expect(stderr).toContain(kept)
    expect(room.modeOf(kept)).toBe(0o600)
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      kind: 'topics.delete',
      steps: [{ item: 'made', before: after, after: null }],
    })

    const again = await create()
    expect(again).toMatchObject({ status: 0, items: [{ status: 'unchanged' }] })
    expect(again.stderr).toMatch(/there is nothing to do/)
    expect(room.proxy.changing()).toHaveLength(1)

    expect(await room.rows('apply', kept, '--confirm', 'made')).toMatchObject({
      status: 0,
      items: [{ item: 'made', status: 'done' }],
    })
  })

  it('say beforehand where there is nothing to do', async () => {
    await room.rows('topics create', 'as-it-is', '-p', '2', '-y')
    const { status, items, stderr } = await room.rows(
      ...['topics alter', 'as-it-is', '--partitions', '2', '--dry-run'],
    )
    expect([status, items]).toMatchObject([0, [{ status: 'unchanged' }]])
    expect(stderr).toBe('there is nothing to do: all is as it was to be\n')
  })

  it('create as the brokers would by themselves, and say beforehand what that is', async () => {
    const { items } = await room.rows('topics create', 'by-default', '--dry-run')
    expect(items).toMatchObject([{ after: { partitions: 1, replicationFactor: 1 }, status: 'planned' }])
  })

  it('fail for the items that cannot be, and go on with the others', async () => {
    const { status, items, json } = await room.rows('topics create', 'good', 'a b', '-y')
    expect(status).toBe(1)
    expect(items).toMatchObject([{ item: 'good', status: 'done' }])
    expect(json.errors).toMatchObject([{ item: 'a b', code: 'invalid-topic-exception' }])
  })

  it('leave a topic alone that is there and differs', async () => {
    await writer.topic('there', 2)
    const differing = await room.rows('topics create', 'there', '-p', '3', '-y')
    expect(differing.json.errors).toMatchObject([{ code: 'topic-already-exists' }])
    const left = await room.rows('topics create', 'there', '-p', '3', '--if-not-exists', '-y')
    expect(left).toMatchObject({ status: 0, items: [{ status: 'unchanged' }] })
  })

  it('put replicas where they were told to be', async () => {
    const { items } = await room.rows('topics create', 'placed', '--assignment', '1,1,1', '-y')
    expect(items).toMatchObject([{ after: { partitions: 3, assignment: [[1], [1], [1]] }, status: 'done' }])
    const short = await room.rows('topics alter', 'placed', '--partitions', '5', '--assignment', '1', '-y')
    expect(short.json.errors).toMatchObject([{ code: 'invalid-assignment' }])
    const more = await room.rows('topics alter', 'placed', '--partitions', '5', '--assignment', '1,1', '-y')
    expect(more.items).toMatchObject([{ after: { partitions: 5, assignment: [[1], [1]] }, status: 'done' }])
  })

  it('tell how many keys more partitions move, and refuse fewer with a way out', async () => {
    await writer.topic('growing', 6)
    const more = await room.rows('topics alter', 'growing', '--partitions', '+3', '-y')
    expect(more.items).toMatchObject([
      { before: { partitions: 6 }, after: { partitions: 9, keysMoved: 0.667 }, status: 'done' },
    ])
    expect(more.stderr).toMatch(/67 % of the keys go to another partition/)
    expect(room.proxy.changing()).toMatchObject([
      { api: 'CreateTopics' },
      { api: 'CreatePartitions', question: { topics: [{ name: 'growing', count: 9 }] } },
    ])
    const fewer = await room.rows('topics alter', 'growing', '--partitions', '3', '-y')
    expect(fewer).toMatchObject({ status: 1, json: { errors: [{ code: 'partitions-cannot-decrease' }] } })
    expect(fewer.json.errors?.[0]).toMatchObject({ hint: expect.stringMatching(/make a topic of 3/) })
    expect(await room.rows('topics alter', 'growing', '--partitions', '9', '-y')).toMatchObject({
      status: 0,
      items: [{ status: 'unchanged' }],
    })
  })

  it('ask for another number of replicas as a reassignment', async () => {
    await writer.topic('copied', 2)
    room.proxy.forget()
    expect(await room.rows('topics alter', 'copied', '-r', '1', '-y')).toMatchObject({ status: 0, items: [] })
    const more = await room.rows('topics alter', 'copied', 'nobody', '--replication-factor', '2', '-y')
    expect(more.status).toBe(1)
    expect(more.json.errors?.map(({ item }) => item)).toEqual(['nobody', 'copied:0', 'copied:1'])
    expect(room.proxy.changing()).toEqual([])
    expect(await room.rows('topics alter', 'copied', '-y')).toMatchObject({ status: 2 })
  })

  it('delete only by name, or by how many they are', async () => {
    await writer.topic('gone-1', 1)
    await writer.topic('gone-2', 1)
    room.proxy.forget()
    const unnamed = await room.said('topics delete', ['gone-1', 'gone-2', '-y'])
    expect(unnamed).toMatchObject({ status: 2, stderr: expect.stringMatching(/--confirm '2 items'/) })
    const wrong = await room.said('topics delete', ['gone-1', '--confirm', 'gone-2'])
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringMatching(/--confirm gone-1/) })
    expect(room.proxy.changing()).toEqual([])

    const matched = await room.rows('topics delete', '--regex', 'gone-[12]', '--confirm', '2 items')
    expect(matched.items).toMatchObject([
      { item: 'gone-1', status: 'done' },
      { item: 'gone-2', status: 'done' },
    ])
    const [kept = ''] = room.rollbacks().slice(-1)
    expect(await room.rows('apply', kept, '-y')).toMatchObject({
      status: 0,
      items: [
        { item: 'gone-2', status: 'done' },
        { item: 'gone-1', status: 'done' },
      ],
    })
  })

  it('take a dot in a name for a dot', async () => {
    await writer.topic('gone_x', 1)
    const { status, json } = await room.rows('topics delete', 'gone.x', '--confirm', 'gone.x')
    expect(status).toBe(1)
    expect(json.errors).toMatchObject([{ item: 'gone.x', code: 'topic-not-found' }])
    expect(await room.rows('topics delete', 'gone.x', '--if-exists', '-y')).toMatchObject({ status: 0 })
  })

  it('trim up to an offset, a time or the end, and tell how much goes', async () => {
    await writer.topic('trimmed', 2)
    await writer.write('trimmed', 0, { count: 10, timestampMs: 1000 })
    await writer.write('trimmed', 0, { count: 5, timestampMs: 9_000_000 })
    await writer.write('trimmed', 1, { count: 4, timestampMs: 1000 })
    const offset = await room.rows('topics trim', 'trimmed:0', '--before', '3', '--confirm', 'trimmed:0')
    expect(offset.items).toMatchObject([
      { item: 'trimmed:0', before: { logStart: 0 }, after: { logStart: 3, records: 3 }, status: 'done' },
    ])
    const time = await room.rows('topics trim', 'trimmed', '--before', '@8000000', '--confirm', '2 items')
    expect(time.items).toMatchObject([
      { item: 'trimmed:0', after: { logStart: 10, records: 7 }, status: 'done' },
      { item: 'trimmed:1', after: { logStart: 4, records: 4 }, status: 'done' },
    ])
    const beyond = await room.rows('topics trim', 'trimmed:0', '--before', '99', '-y')
    expect(beyond.json.errors).toMatchObject([{ item: 'trimmed:0', code: 'offset-out-of-range' }])

    const partitions = [{ topic: 'trimmed', partition: 0, offset: -1 }]
    writeFileSync(room.path('offsets.json'), JSON.stringify({ partitions, version: 1 }))
    const filed = await room.rows(
      'topics trim',
      '--file',
      room.path('offsets.json'),
      '--confirm',
      'trimmed:0',
    )
    expect(filed.items).toMatchObject([{ after: { logStart: 15, records: 5 }, status: 'done' }])
    const again = await room.rows('topics trim', 'trimmed', '--before', 'end', '-y')
    expect(again).toMatchObject({ status: 0, items: [{ status: 'unchanged' }, { status: 'unchanged' }] })
  })

  it('make topics as a file wants them, and tell how they differ', async () => {
    await writer.topic('wanted-1', 1, { 'cleanup.policy': 'compact', 'segment.ms': '5000000' })
    const file = room.path('topics.yaml')
    writeFileSync(
      file,
      [
        'topics:',
        '  - topic: wanted-1',
        '    partitions: 2',
        '    configs: {retention.ms: 5000, cleanup.policy: null}',
        '  - {topic: wanted-2, partitions: 1, replicationFactor: 1}',
      ].join('\n'),
    )
    const differing = await room.rows('topics diff', file)
    expect(differing.status).toBe(3)
    expect(differing.items.map(({ item, action }) => [item, action])).toEqual([
      ['wanted-2', 'create'],
      ['wanted-1', 'add-partitions'],
      ['wanted-1 retention.ms', 'set'],
      ['wanted-1 cleanup.policy', 'unset'],
    ])
    room.proxy.forget()
    const applied = await room.rows('topics apply', file, '-y')
    expect(applied.status).toBe(0)
    expect(applied.items.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done'])
    expect(room.proxy.changing().map(({ api }) => api)).toEqual([
      'CreateTopics',
      'CreatePartitions',
      'IncrementalAlterConfigs',
    ])
    expect(await room.rows('topics diff', file)).toMatchObject({ status: 0, items: [] })
    expect(await room.rows('topics apply', file, '-y')).toMatchObject({ status: 0 })
    const { items } = await room.rows('configs get', 'topics', 'wanted-1')
    expect(items.map(({ name, value }) => [name, value])).toEqual([
      ['retention.ms', '5000'],
      ['segment.ms', '5000000'],
    ])
  })

  it('stop between requests when they are asked to, tell what was done, and go on when run again', async () => {
    const names = Array.from({ length: 150 }, (_, i) => `many-${String(i).padStart(3, '0')}`)
    const stop = new Stop()
    room.proxy.onRequest(({ api, question }) => {
      if (api === 'CreateTopics' && question.validateOnly !== true) stop.request(130)
    })
    const { status, stdout, stderr } = await room.said('topics create', [...names, '-y', '-o', 'json'], {
      stop,
    })
    room.proxy.onRequest(() => {})
    const { items } = JSON.parse(stdout) as { items: { status: string }[] }
    expect(status).toBe(130)
    expect(items.filter((row) => row.status === 'done')).toHaveLength(100)
    expect(items.filter((row) => row.status === 'interrupted')).toHaveLength(50)
    expect(stderr).toMatch(/stopped: 50 of 150 changes were not begun/)

    const again = await room.rows('topics create', ...names, '-y')
    expect(again.status).toBe(0)
    expect(again.items.filter((row) => row.status === 'unchanged')).toHaveLength(100)
    expect(again.items.filter((row) => row.status === 'done')).toHaveLength(50)
  })
})

describe('ktool apply', () => {
  let room: ChangeRoom

  beforeAll(async () => {
    room = await changeRoom()
    await room.rows('topics create', 'orders', '-p', '2', '-y')
  })
  afterAll(() => room[Symbol.asyncDispose]())

  it('does what a plan says, all of it, and a second time nothing', async () => {
    const plan = room.path('plan.json')
    room.proxy.forget()
    const made = await room.rows('configs set', 'topics', 'orders', 'retention.ms=7000', '--plan-out', plan)
    expect(made).toMatchObject({ status: 0, items: [{ status: 'planned' }] })
    expect(room.proxy.changing()).toEqual([])
    expect(room.modeOf(plan)).toBe(0o600)

    expect(await room.rows('apply', plan, '-y')).toMatchObject({ status: 0, items: [{ status: 'done' }] })
    const again = await room.rows('apply', plan, '-y')
    expect(again).toMatchObject({ status: 0, items: [{ status: 'unchanged' }] })
    expect(room.proxy.changing().map(({ api }) => api)).toEqual(['IncrementalAlterConfigs'])
  })

  it('refuses all of a plan when one of its steps is stale', async () => {
    const plan = room.path('stale.json')
    const settings = ['retention.ms=8000', 'segment.ms=8000']
    await room.rows('configs set', 'topics', 'orders', ...settings, '--plan-out', plan)
    await room.rows('configs set', 'topics', 'orders', 'segment.ms=9000', '-y')
    room.proxy.forget()
    const { status, stderr } = await room.rows('apply', plan, '-y')
    expect(status).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'stale-plan', details: { items: ['orders segment.ms'] } },
    })
    expect(room.proxy.changing()).toEqual([])
  })

  it('refuses a plan that was made for another cluster', async () => {
    const plan = room.path('elsewhere.json')
    await room.rows('topics create', 'elsewhere', '--plan-out', plan)
    const text = readFileSync(plan, 'utf8')
    writeFileSync(plan, text.replace(/"clusterId": "[^"]*"/, '"clusterId": "AAAAAAAAAAAAAAAAAAAAAA"'))
    room.proxy.forget()
    const { status, stderr } = await room.rows('apply', plan, '-y')
    expect(status).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'wrong-cluster' } })
    expect(room.proxy.changing()).toEqual([])
  })

  it.each([
    ['no JSON', 'orders', /no JSON/],
    ['another version', '{"version": 2}', /version 2/],
    ['no steps', '{"version":1,"kind":"topics.create","clusterId":null,"madeAtMs":0,"settings":{}}', /steps/],
    [
      'half a step',
      '{"version":1,"kind":"topics.create","clusterId":null,"madeAtMs":0,"settings":{},"warnings":[],"steps":[{"item":"a"}]}',
      /step 1 has not all of/,
    ],
  ])('refuses a file with %s', async (_what, text, reason) => {
    writeFileSync(room.path('broken.json'), text)
    const { status, stderr } = await room.said('apply', [room.path('broken.json'), '-y'])
    expect(status).toBe(1)
    expect(stderr).toMatch(reason)
  })

  it('refuses a step that somebody has put into the file', async () => {
    const plan = room.path('edited.json')
    await room.rows('topics create', 'edited', '--plan-out', plan)
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('"partitions":1', '"partitions":"all"'))
    const { status, stderr } = await room.said('apply', [plan, '-y'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/edited.* has no numbers of partitions/)
  })
})
