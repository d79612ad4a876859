import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAcls } from '../../src/lib/protocol/apis/create-acls.ts'
import { describeAcls } from '../../src/lib/protocol/apis/describe-acls.ts'
import { type PrincipalsPeer, principalsPeer } from '../support/principals-peer.ts'
import { jsonLive, runLive } from '../support/run-live.ts'
import { answers, scriptedPeer } from '../support/scripted-peer.ts'

const alice = ['--principal', 'User:alice']

describe('commands that change ACLs', () => {
  let kept: PrincipalsPeer

  beforeEach(async () => {
    kept = await principalsPeer()
  })
  afterEach(() => kept[Symbol.asyncDispose]())

  const add = (...argv: string[]) => kept.rows('acls add', ...argv, '-y')
  const remove = (...argv: string[]) => kept.rows('acls delete', ...argv, '-y')

  it('add every combination of what was said, in one request', async () => {
    const { status, items } = await add(
      ...[...alice, '--principal', 'User:bob', '--operation', 'read', '--operation', 'describe'],
      ...['--resource', 'topic:orders', '--resource', 'GROUP:billing', '--host', '10.0.0.1'],
    )
    expect(status).toBe(0)
    expect(items).toHaveLength(8)
    expect(items[0]).toMatchObject({
      item: 'User:alice from 10.0.0.1 ALLOW READ TOPIC:orders',
      ...{ action: 'add', before: null, after: 'ALLOW', status: 'done' },
    })
    expect(kept.changing()).toHaveLength(1)
    expect(kept.acls).toContainEqual({
      ...{ resourceType: 3, resourceName: 'billing', patternType: 3 },
      ...{ principal: 'User:bob', host: '10.0.0.1', operation: 8, permissionType: 3 },
    })
  })

  it.each([
    [['--resource', 'topic:ord', '--prefixed'], { resourceName: 'ord', patternType: 4, permissionType: 3 }],
    [
      ['--resource', 'topic:*', '--deny'],
      { resourceName: '*', patternType: 3, permissionType: 2, host: '*' },
    ],
    [['--resource', 'cluster', '--prefixed'], { resourceName: 'kafka-cluster', patternType: 3 }],
    [['--resource', 'transactional-id:a:b'], { resourceType: 5, resourceName: 'a:b' }],
    [['--resource', 'delegation_token:t'], { resourceType: 6, resourceName: 't' }],
  ])('add one as %j says', async (flags, acl) => {
    expect((await add(...alice, '--operation', 'describe', ...flags)).status).toBe(0)
    expect(kept.acls).toMatchObject([acl])
  })

  it.each([
    [['--producer'], 'topic:t', ['WRITE TOPIC:t', 'DESCRIBE TOPIC:t', 'CREATE TOPIC:t']],
    [['--producer'], 'transactional-id:x', ['WRITE TRANSACTIONAL_ID:x', 'DESCRIBE TRANSACTIONAL_ID:x']],
    [['--consumer'], 'topic:t', ['READ TOPIC:t', 'DESCRIBE TOPIC:t']],
    [['--consumer'], 'group:g', ['READ GROUP:g']],
    [['--consumer', '--producer'], 'group:g', ['READ GROUP:g']],
    [['--consumer', '--operation', 'delete'], 'group:g', ['DELETE GROUP:g', 'READ GROUP:g']],
    [['--consumer', '--operation', 'create'], 'cluster', ['CREATE CLUSTER:kafka-cluster']],
  ])('add what %j of kafka-acls adds for %s', async (flags, resource, added) => {
    const { status, items } = await add(...alice, ...flags, '--resource', resource)
    expect([status, items.map(({ item }) => String(item))]).toEqual([
      0,
      added.map((what) => `User:alice from * ALLOW ${what}`),
    ])
  })

  it('leave those alone that are there, and tell prefixes and names apart', async () => {
    const read = [...alice, '--operation', 'read', '--resource', 'topic:orders']
    await add(...read)
    expect(await add(...read)).toMatchObject({ status: 0, items: [{ status: 'unchanged' }] })
    expect(kept.changing()).toHaveLength(1)
    expect(await add(...read, '--prefixed')).toMatchObject({ items: [{ status: 'done' }] })
    expect(await add(...read, '--operation', 'write')).toMatchObject({
      items: [{ status: 'unchanged' }, { status: 'done' }],
    })
    expect(kept.acls).toHaveLength(3)
  })

  it('delete what fits all that is said, and bring it back', async () => {
    await add(...alice, '--operation', 'read', '--operation', 'write', '--resource', 'topic:orders')
    await add('--principal', 'User:bob', '--operation', 'read', '--resource', 'topic:orders')
    await add(...alice, '--operation', 'read', '--resource', 'topic:ord', '--prefixed')
    const before = [...kept.acls]
    const gone = await remove(...alice, '--resource', 'topic:orders')
    expect(gone.items.map(({ item, status }) => [item, status])).toEqual([
      ['User:alice from * ALLOW READ TOPIC:orders', 'done'],
      ['User:alice from * ALLOW WRITE TOPIC:orders', 'done'],
    ])
    const [, undoing = ''] = /ktool apply (\S+)/.exec(gone.stderr) ?? []
    expect((await kept.rows('apply', undoing, '-y')).status).toBe(0)
    expect(new Set(kept.acls)).toEqual(new Set(before))

    const matched = await remove('--resource', 'topic:orders', '--pattern', 'match', '--operation', 'read')
    expect(matched.items).toHaveLength(3)
    expect(kept.acls).toMatchObject([{ operation: 4 }])
    expect((await remove('--all')).items).toHaveLength(1)
    expect(await remove('--all')).toMatchObject({ status: 0, items: [] })
  })

  it('change nothing when they are only to show it', async () => {
    await add(...alice, '--operation', 'read', '--resource', 'topic:orders')
    const count = kept.changing().length
    const planned = [{ status: 'planned' }]
    const deny = [...alice, '--operation', 'read', '--resource', 'topic:orders', '--deny']
    expect(await kept.rows('acls add', ...deny, '--dry-run')).toMatchObject({ status: 0, items: planned })
    expect(await kept.rows('acls delete', '--all', '--dry-run')).toMatchObject({ items: planned })
    expect(kept.changing()).toHaveLength(count)
    expect(kept.acls).toHaveLength(1)
  })

  it.each([
    ['nobody', ['--operation', 'read', '--resource', 'topic:a'], 'principal'],
    ['nothing to do', [...alice, '--resource', 'topic:a'], 'operation'],
    [
      'a client of what it does not use',
      [...alice, '--producer', '--resource', 'group:g'],
      'a producer does nothing with a group',
    ],
    ['nothing to do it with', [...alice, '--operation', 'read'], 'resource'],
    [
      'somebody of no kind',
      ['--principal', 'alice', '--operation', 'read', '--resource', 'topic:a'],
      'User:alice',
    ],
    [
      'an unknown operation',
      [...alice, '--operation', 'eat', '--resource', 'topic:a'],
      '"eat" is none of all, read',
    ],
    ['any operation', [...alice, '--operation', 'any', '--resource', 'topic:a'], '"any" is none of'],
    [
      'an unknown resource',
      [...alice, '--operation', 'read', '--resource', 'disk:a'],
      '"disk" is none of topic',
    ],
    ['no name of a topic', [...alice, '--operation', 'read', '--resource', 'topic'], 'topic:NAME'],
    ['an empty name', [...alice, '--operation', 'read', '--resource', 'topic:'], 'no name behind its colon'],
    [
      'to write a group',
      [...alice, '--operation', 'write', '--resource', 'group:g'],
      'nobody can write a group',
    ],
  ])('refuse %s before anything is asked', async (_, argv, reason) => {
    const { status, fatal } = await add(...argv)
    expect(status).toBe(2)
    expect(`${fatal?.message} ${fatal?.hint}`).toContain(reason)
    expect(kept.peer.asked).toEqual([])
  })

  it.each([
    [[], 'no-filter'],
    [['--all', ...alice], 'two-choices'],
    [['--permission', 'maybe'], 'no-such-choice'],
    [['--pattern', 'regex'], 'no-such-choice'],
  ])('delete nothing by %j', async (argv, code) => {
    const { status, fatal } = await remove(...argv)
    expect([status, fatal?.code]).toEqual([2, code])
    expect(kept.peer.asked).toEqual([])
  })

  it('want a yes where nobody is there to be asked', async () => {
    const { status, fatal } = await kept.rows('acls delete', '--all')
    expect([status, fatal?.code]).toEqual([2, 'not-confirmed'])
    expect(kept.peer.asked).toEqual([])
  })

  it('fail where the controller refuses, and say why', async () => {
    kept.refusal = { errorCode: 42, errorMessage: 'Could not parse principal from `User:alice`' }
    const { status, errors } = await add(...alice, '--operation', 'read', '--resource', 'topic:orders')
    expect(status).toBe(1)
    expect(errors).toMatchObject([{ code: 'invalid-request', message: kept.refusal.errorMessage }])
    kept.refusal = { errorCode: 31, errorMessage: 'Cluster authorization failed.' }
    const forbidden = await add(...alice, '--operation', 'read', '--resource', 'topic:orders')
    expect([forbidden.status, forbidden.errors[0]?.code]).toEqual([4, 'cluster-authorization-failed'])
  })

  it('do not take a cluster without an authorizer for one without entries', async () => {
    const none = { errorCode: 54, errorMessage: 'No Authorizer is configured.' }
    await using peer = await scriptedPeer([
      answers(describeAcls, () => ({ ...none, resources: [] })),
      answers(createAcls, ({ creations }) => ({ results: creations.map(() => none) })),
    ])
    const flags = [...alice, '--operation', 'read', '--resource', 'topic:orders', '-y', '-o', 'json']
    for (const [name, argv] of [
      ['acls list', []],
      ['acls add', flags],
      ['acls delete', ['--all', '-y']],
    ] as const) {
      const { status, stderr } = await runLive(name, peer.bootstrap, argv)
      expect([name, status]).toEqual([name, 1])
      expect(stderr).toContain('No Authorizer is configured.')
    }
    expect(peer.of(createAcls)).toEqual([])
  })
})

describe('ktool acls check', () => {
  const entries = [
    {
      resourceName: 'orders',
      patternType: 3,
      principal: 'User:alice',
      operation: 4,
      permissionType: 3,
      host: '*',
    },
    {
      resourceName: 'ord',
      patternType: 4,
      principal: 'User:*',
      operation: 3,
      permissionType: 3,
      host: '10.0.0.1',
    },
    {
      resourceName: 'orders-',
      patternType: 4,
      principal: 'User:alice',
      operation: 2,
      permissionType: 2,
      host: '*',
    },
    { resourceName: '*', patternType: 3, principal: 'User:root', operation: 2, permissionType: 3, host: '*' },
  ].map((each) => ({ resourceType: 2, ...each }))

  it.each([
    [['User:alice', 'write', 'topic:orders'], 'allowed', 0],
    [['User:alice', 'DESCRIBE', 'topic:orders'], 'allowed', 0],
    [['User:alice', 'describe-configs', 'topic:orders'], 'denied', 3],
    [['User:bob', 'read', 'topic:orders'], 'denied', 3],
    [['User:bob', 'read', 'topic:orders', '--host', '10.0.0.1'], 'allowed', 0],
    [['User:bob', 'read', 'topic:orders', '--host', '10.0.0.2'], 'denied', 3],
    [['User:alice', 'read', 'topic:orders-eu', '--host', '10.0.0.1'], 'denied', 3],
    [['User:root', 'alter', 'topic:payments'], 'allowed', 0],
    [['User:alice', 'read', 'group:orders'], 'none', 3],
    [['User:alice', 'create', 'cluster'], 'none', 3],
  ])('weighs %j: %s', async (question, verdict, status) => {
    await using kept = await principalsPeer()
    kept.acls.push(...entries)
    const run = await jsonLive('acls check', kept.peer.bootstrap, question)
    expect([run.json.verdict, run.status]).toEqual([verdict, status])
    expect(kept.changing()).toEqual([])
  })

  it.each([
    [['User:alice', 'read']],
    [['alice', 'read', 'topic:orders']],
    [['User:alice', 'eat', 'topic:orders']],
    [['User:alice', 'read', 'topic']],
  ])('does not understand %j', async (question) => {
    await using kept = await principalsPeer()
    expect((await runLive('acls check', kept.peer.bootstrap, question)).status).toBe(2)
    expect(kept.peer.asked).toEqual([])
  })
})
