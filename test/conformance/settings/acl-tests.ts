import { expect, it } from 'vitest'
import { aclWordId } from '../../../src/lib/model/acls.ts'
import { randomDraw, seedOfRun } from '../../random.ts'
import { operationsFor } from './authorized-operations.ts'
import type { Row, SettingsRoom } from './room.ts'
import { sortedLines } from './room.ts'

const topicOperations = [
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
]
const topics = ['ra', 'ra-1', 'ra-2', 'rb']
const seed = seedOfRun()

/** What ktool and kafka-acls tell of who may do what, and what the authorizer makes of it. */
export function aclTests(room: () => SettingsRoom): void {
  it('are added by us and listed by both', async () => {
    const all = [
      '--principal',
      'User:alice',
      '--principal',
      'User:b, "c"',
      '--operation',
      'read',
      '--operation',
      'describe',
    ]
    const about = [
      '--resource',
      'topic:orders',
      '--resource',
      'group:billing',
      '--host',
      '10.0.0.1',
      '--host',
      '*',
    ]
    expect((await room().done('acls', 'add', ...all, ...about)).length).toBe(16)
    const prefixed = ['--resource', 'topic:ord', '--resource', 'transactional-id:tx-', '--prefixed', '--deny']
    await room().done('acls', 'add', '--principal', 'User:*', '--operation', 'write', ...prefixed)
    const odd = [
      ['cluster', 'idempotent-write'],
      ['delegation-token:t', 'describe'],
      ['user:alice', 'create-tokens'],
      ['topic:*', 'all'],
      ['transactional-id:tx', 'two-phase-commit'],
    ]
    for (const [resource = '', operation = ''] of odd) {
      await room().done(
        'acls',
        'add',
        '--principal',
        'User:d',
        '--operation',
        operation,
        '--resource',
        resource,
      )
    }
    expect(await ours()).toEqual(await theirs())
    expect((await ours()).length).toBe(23)
  })

  it('are added by kafka-acls and listed by both', async () => {
    await room().theyDo(
      'acls',
      '--add',
      '--allow-principal',
      'User:p',
      '--producer',
      '--topic',
      'made',
      '--transactional-id',
      'm',
    )
    await room().theyDo(
      'acls',
      '--add',
      '--allow-principal',
      'User:c',
      '--consumer',
      '--topic',
      'made',
      '--group',
      '*',
    )
    const denied = ['--deny-principal', 'User:c', '--deny-host', '10.0.0.9', '--operation', 'All']
    await room().theyDo('acls', '--add', ...denied, '--topic', 'ma', '--resource-pattern-type', 'prefixed')
    expect(await ours()).toEqual(await theirs())
    expect(await ours('--principal', 'User:c')).toHaveLength(4)
    const producer = ['--principal', 'User:p', '--producer', '--resource', 'topic:made']
    const consumer = ['--principal', 'User:c', '--consumer', '--resource', 'topic:made']
    const again = [
      ...(await room().rows('acls', 'add', ...producer, '--resource', 'transactional-id:m', '--yes')),
      ...(await room().rows('acls', 'add', ...consumer, '--resource', 'group:*', '--yes')),
    ]
    expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'unchanged'))
  })

  it.each([
    [
      ['--resource', 'topic:orders'],
      ['--topic', 'orders', '--resource-pattern-type', 'any'],
    ],
    [
      ['--resource', 'topic:orders', '--pattern', 'literal'],
      ['--topic', 'orders'],
    ],
    [
      ['--resource', 'topic:orders', '--pattern', 'match'],
      ['--topic', 'orders', '--resource-pattern-type', 'match'],
    ],
    [
      ['--resource', 'topic:ord', '--pattern', 'prefixed'],
      ['--topic', 'ord', '--resource-pattern-type', 'prefixed'],
    ],
    [
      ['--resource', 'group:x', '--pattern', 'match'],
      ['--group', 'x', '--resource-pattern-type', 'match'],
    ],
    [
      ['--resource', 'transactional-id:tx-9', '--pattern', 'match'],
      ['--transactional-id', 'tx-9', '--resource-pattern-type', 'match'],
    ],
    [['--resource', 'cluster'], ['--cluster']],
    [
      ['--principal', 'User:alice'],
      ['--principal', 'User:alice', '--resource-pattern-type', 'any'],
    ],
  ])('are the same of those that %j means', async (ourFilter, theirFilter) => {
    const found = await ours(...ourFilter)
    expect(found).toEqual(await theirs(...theirFilter))
    expect(found.length).toBeGreaterThan(0)
  })

  it('are added once, and only looked at by a dry run', async () => {
    const before = await theirs()
    const same = ['--principal', 'User:alice', '--operation', 'read', '--resource', 'topic:orders']
    const again = await room().rows('acls', 'add', ...same, '--yes')
    expect(again).toMatchObject([{ status: 'unchanged' }])
    const other = await room().rows('acls', 'add', ...same, '--deny', '--dry-run')
    expect(other).toMatchObject([{ status: 'planned' }])
    expect(await room().rows('acls', 'delete', '--all', '--dry-run')).toHaveLength(before.length)
    expect(await theirs()).toEqual(before)
  })

  it('are deleted by each for both', async () => {
    const count = (await ours()).length
    const gone = await room().done(
      'acls',
      'delete',
      '--principal',
      'User:alice',
      '--resource',
      'topic:orders',
    )
    expect(await theirs()).toHaveLength(count - gone.length)
    expect(await ours()).toEqual(await theirs())
    await room().theyDo('acls', '--remove', '--force', '--topic', 'ma', '--resource-pattern-type', 'prefixed')
    expect(await ours('--resource', 'topic:ma')).toEqual([])
    expect(await ours()).toEqual(await theirs())
    await room().done('acls', 'delete', '--all')
    expect(await theirs()).toEqual([])
  })

  it.each([
    ['topic', '--topic', 'idempotent-write'],
    ['group', '--group', 'write'],
    ['transactional-id', '--transactional-id', 'read'],
    ['delegation-token', '--delegation-token', 'read'],
    ['user', '--user-principal', 'read'],
    ['cluster', '--cluster', 'read'],
  ])('of a %s are about what both know of it', async (type, flag, wrong) => {
    const name = type === 'cluster' ? [] : [type === 'user' ? 'User:x' : 'x']
    const operation = ['--operation', wrong.replaceAll('-', '')]
    const refused = await room().theirRun(
      'acls',
      '--add',
      '--allow-principal',
      'User:x',
      ...operation,
      flag,
      ...name,
    )
    const [, known = ''] = /only supports operations \[(.*?)\]/.exec(refused.stdout + refused.stderr) ?? []
    const resource = type === 'cluster' ? type : `${type}:x`
    const { status, stderr } = await room().ours(
      'acls',
      'add',
      '--principal',
      'User:x',
      '--operation',
      wrong,
      '--resource',
      resource,
      '--yes',
    )
    expect([refused.status, status]).toEqual([1, 2])
    const hint = String((JSON.parse(stderr) as { error: { hint: string } }).error.hint)
    const said = hint.replace(/^.*: /, '').toUpperCase().replaceAll('-', '_').split(', ')
    expect(said.sort()).toEqual(known.split(', ').sort())
  })

  it(`decide as the check says they do (seed ${seed})`, async () => {
    const draw = randomDraw(seed)
    const oneOf = <T>(all: readonly T[]): T => all[Math.floor(draw() * all.length)] as T
    await room().done('topics', 'create', ...topics)
    for (const user of ['u1', 'u2']) await room().newUser(user, 'SCRAM-SHA-256', `${user}-secret`)
    for (let i = 0; i < 30; i++) {
      const who = [
        '--principal',
        oneOf(['User:u1', 'User:u2', 'User:*']),
        '--host',
        oneOf(['*', '*', '127.0.0.1', '10.9.9.9']),
      ]
      const what = ['--operation', oneOf([...topicOperations, 'ALL'])]
      const about = ['--resource', `topic:${oneOf(['ra', 'ra-1', 'ra-2', 'rb', 'r', '*'])}`]
      const how = [...(draw() < 0.4 ? ['--prefixed'] : []), ...(draw() < 0.25 ? ['--deny'] : [])]
      await room().rows('acls', 'add', ...who, ...what, ...about, ...how, '--yes')
    }
    await room().settled()
    for (const user of ['u1', 'u2']) {
      const login = room().login(user, 'SCRAM-SHA-256', `${user}-secret`)
      const told = await operationsFor(room().peopleBootstrap, login, topics)
      for (const topic of topics) {
        const allowed = new Set<string>()
        for (const operation of topicOperations) {
          const question = [`User:${user}`, operation, `topic:${topic}`, '--host', '127.0.0.1']
          const { status, single } = await room().ours('acls', 'check', ...question)
          expect(status, question.join(' ')).toBe(single.verdict === 'allowed' ? 0 : 3)
          if (single.verdict === 'allowed') allowed.add(operation)
        }
        // Of a topic that somebody may not describe, he is told nothing else either.
        const bits = told.get(topic) ?? null
        const expected = topicOperations.filter((each) => ((bits ?? 0) >> aclWordId('operation', each)) & 1)
        if (bits === null) expect(allowed.has('DESCRIBE'), `${user} ${topic}`).toBe(false)
        else expect([...allowed].sort(), `${user} ${topic}`).toEqual(expected.sort())
      }
    }
    await room().done('acls', 'delete', '--all')
  })

  async function ours(...filter: string[]): Promise<string[]> {
    return (await room().rows('acls', 'list', ...filter)).map(aclLine).sort()
  }

  async function theirs(...filter: string[]): Promise<string[]> {
    const said = await room().theirs('acls', '--list', ...filter)
    let resource = ''
    return sortedLines(
      said
        .split('\n')
        .map((line) => {
          const [, named] = /^Current ACLs for resource `(.*)`:/.exec(line) ?? []
          resource = named ?? resource
          return line.startsWith('\t(') ? `${resource} ${line.trim()}` : ''
        })
        .join('\n'),
    )
  }
}

/** As kafka-acls has it, on one line. */
function aclLine(acl: Row): string {
  const { resourceType, resourceName, patternType, principal, host, operation, permission } = acl
  const about = `ResourcePattern(resourceType=${resourceType}, name=${resourceName}, patternType=${patternType})`
  return `${about} (principal=${principal}, host=${host}, operation=${operation}, permissionType=${permission})`
}
