import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coordinatorPartition } from '../../src/lib/bytes/java-hash.ts'
import { inParallel } from '../../src/lib/client/routing/in-parallel.ts'
import { environment, ktool, type Run } from '../ktool.ts'
import { readingCommands } from '../support/reading-commands.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { eventually } from './wire/coordinators.ts'

/** Node 1 is well and controls, node 2 is stopped, node 3 hangs. */
const nodes: OwnKafka[] = []
const TIMEOUT_MS = 4000
/** For a process to begin and to end, on a machine that has other work. */
const MARGIN_MS = 3000
const AT_ONCE = 4

const folder = mkdtempSync(join(tmpdir(), 'ktool-broken-cluster-'))
const env = { ...environment, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder }
const wanted = join(folder, 'topics.yaml')
const moves = join(folder, 'moves.json')

/** What is coordinated by the leader of the first, second and third partition: by the nodes 1, 2 and 3. */
const [well = '', lost = '', hung = ''] = [0, 1, 2].map(keptIn)

const silence = /broker 3 at \S+ did not answer \w+ within [\d.]+ m?s$/
const leaderless = /has no leader|has none|^broker 2 is fenced|^the cluster has no live broker 2/

interface Case {
  readonly argv: readonly string[]
  readonly status: number
  /** Items that fail since nobody leads them, or their broker is not there. */
  readonly lost?: readonly string[]
  /** Items that fail since their broker says nothing. */
  readonly hung?: readonly string[]
  /** It looks so often, and has the whole time for each. */
  readonly rounds?: number
  /** It prints nothing, and has no formats. */
  readonly isMute?: boolean
}

type Row = Readonly<Record<string, unknown>>

interface Told extends Row {
  readonly items?: readonly Row[]
  readonly errors?: readonly { readonly item: string; readonly message: string }[]
}

const topics = ['orders', 'lost', 'hung', 'well']
const partitions = { lost: ['lost:0'], hung: ['orders:2', 'hung:0'] }
const groups = { lost: [lost], hung: [hung] }

/** By the name of the command. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  'acls check': [{ argv: ['User:anna', 'read', 'topic:orders'], status: 3 }],
  'acls list': [{ argv: [], status: 0 }],
  'cluster brokers': [{ argv: [], status: 1, lost: ['broker 2'], hung: ['broker 3'] }],
  'cluster describe': [{ argv: [], status: 0 }],
  'cluster features': [{ argv: [], status: 1, hung: ['broker 3'] }],
  'cluster health': [{ argv: [], status: 3 }],
  'cluster log-dirs': [
    { argv: [], status: 1, lost: ['broker 2'], hung: ['broker 3'] },
    { argv: ['2', '3'], status: 5, lost: ['broker 2'], hung: ['broker 3'] },
    { argv: ['--replicas', '--topic', 'lost'], status: 1, lost: ['broker 2'], hung: ['broker 3'] },
  ],
  'cluster quorum': [{ argv: [], status: 0 }],
  'completion refresh': [{ argv: [join(folder, 'names')], status: 0, isMute: true }],
  'configs diff': [
    { argv: ['topics', 'orders', 'lost'], status: 0 },
    { argv: ['brokers', '1', '3'], status: 5, hung: ['3'] },
  ],
  'configs get': [
    { argv: ['topics', 'orders', 'lost', 'hung'], status: 0 },
    { argv: ['brokers', '1', '2', '3'], status: 1, lost: ['2'], hung: ['3'] },
    { argv: ['broker-loggers', '1', '3'], status: 1, hung: ['3'] },
  ],
  consume: [{ argv: topics, status: 1, ...partitions }],
  'groups describe': [
    { argv: [well, lost, hung], status: 1, ...groups },
    { argv: [well, lost, hung, '--members'], status: 1, ...groups },
    { argv: [hung], status: 5, hung: [hung] },
  ],
  'groups export': [{ argv: [well, lost, hung], status: 1, ...groups }],
  'groups list': [
    { argv: [], status: 1, lost: ['__consumer_offsets:1'], hung: ['broker 3'] },
    { argv: ['--topic', 'orders'], status: 1, lost: ['__consumer_offsets:1'], hung: ['broker 3'] },
  ],
  'groups status': [
    { argv: [well, lost, hung], status: 1, ...groups },
    { argv: [well, lost, hung, '--samples', '2', '--every', '200ms'], rounds: 2, status: 1, ...groups },
  ],
  lag: [
    { argv: [well, lost, hung], status: 1, ...groups },
    { argv: [well, '--time'], status: 0 },
    { argv: [well, '--by', 'topic'], status: 0 },
    { argv: ['--all'], status: 1, lost: ['__consumer_offsets:1'], hung: ['broker 3'] },
  ],
  'leaders imbalance': [
    { argv: [], status: 0 },
    { argv: ['--by', 'partition'], status: 0 },
  ],
  'offsets get': [
    { argv: topics, status: 1, ...partitions },
    { argv: [...topics, '--time', '@-1h'], status: 1, ...partitions },
  ],
  'quotas list': [{ argv: [], status: 0 }],
  'reassign plan': [{ argv: ['orders', '--replication-factor', '1'], status: 0 }],
  'reassign status': [{ argv: [], status: 0 }],
  'reassign verify': [{ argv: [moves], status: 1, hung: ['broker 3'] }],
  tail: [{ argv: topics, status: 1, ...partitions }],
  'topics describe': [
    { argv: [], status: 0 },
    { argv: ['--size'], status: 0 },
    { argv: ['--unavailable', '--check'], status: 3 },
  ],
  'topics diff': [{ argv: [wanted], status: 3 }],
  'topics idle': [{ argv: [], status: 1, lost: ['lost:0'], hung: ['hung:0'] }],
  'topics list': [
    { argv: [], status: 0 },
    { argv: ['--size'], status: 0 },
  ],
  'topics size': [{ argv: [], status: 1, lost: ['broker 2'], hung: ['broker 3'] }],
  'topics where': [{ argv: ['key', '--topic', 'orders'], status: 0 }],
  'txns describe': [{ argv: [well, lost, hung], status: 1, ...groups }],
  'txns hanging': [
    { argv: ['lost', 'hung'], status: 5, lost: ['lost:0'], hung: ['hung:0'] },
    { argv: topics, status: 1, ...partitions },
  ],
  'txns list': [{ argv: [], status: 1, lost: ['__transaction_state:1'], hung: ['broker 3'] }],
  'txns producers': [{ argv: topics, status: 1, ...partitions }],
  'users list': [{ argv: [], status: 0 }],
}

/** Commands that read a cluster and are not asked here. */
const elsewhere: Readonly<Record<string, string>> = {
  'context add': 'asks nobody before the context is used',
  produce: 'writes',
  top: 'goes on until it is stopped',
}

const runs = new Map<Case, Run & { readonly tookMs: number }>()
const listed = Object.entries(cases).flatMap(([name, own]) =>
  own.map((each) => ({ name, ...each, of: each })),
)

beforeAll(async () => {
  nodes.push(...(await startNodes()))
  await fill()
  const [, second, third] = nodes
  await second?.stop()
  await eventually(async () => {
    const { items } = await answer(['topics', 'describe', 'lost'])
    expect(items).toMatchObject([{ leader: null }])
  })
  third?.hang()
  await inParallel(listed, AT_ONCE, async ({ name, argv, isMute, of }) => {
    const startMs = performance.now()
    const asked = [...name.split(' '), ...argv, ...(isMute ? [] : ['-o', 'json'])]
    const run = await ktool([...asked, '-b', bootstrap(), '--timeout', `${TIMEOUT_MS}ms`], '', env)
    runs.set(of, { ...run, tookMs: performance.now() - startMs })
  })
}, 240_000)

afterAll(async () => {
  for (const node of nodes) await node.kill()
  for (const node of nodes) node.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe('of a cluster with a broker that is stopped and one that hangs', () => {
  it('every command that reads is asked', async () => {
    expect([...Object.keys(cases), ...Object.keys(elsewhere)].sort()).toEqual(await readingCommands())
  })

  it.each(listed.map((each) => [[each.name, ...each.argv].join(' '), each] as const))('%s', (_, each) => {
    const run = runs.get(each.of)
    if (run === undefined) throw new Error('it was not run')
    expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status: each.status })
    expect(run.tookMs).toBeLessThan(TIMEOUT_MS * (each.rounds ?? 1) + MARGIN_MS)
    expect(run.stdout + run.stderr).not.toMatch(/\n\s+at /)
    if (each.isMute) return
    // What was cut is no JSON.
    const { items = [], errors = [], ...one } = JSON.parse(run.stdout.toString()) as Told
    expect(errors.map(({ item }) => item).sort()).toEqual([...(each.lost ?? []), ...(each.hung ?? [])].sort())
    for (const { item, message } of errors) {
      expect(message).toMatch(each.lost?.includes(item) ? leaderless : silence)
    }
    for (const row of [...items, one]) expectReasons(row)
  })

  it('the broker that hangs is not waited for where another is named', async () => {
    const run = await ktool(['topics', 'list', '-b', `${addressOf(2)},${bootstrap()}`], '', env)
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' })
    expect(run.stdout.toString()).toMatch(/^hung\t/m)
  })

  it.each([
    ['hangs', 2, 'request-timed-out', /it accepts connections and may hang/],
    ['is stopped', 1, 'connection-refused', /nobody listens there/],
  ])('the one that %s answers nobody, which is exit 5', async (_, i, code, said) => {
    const asked = ['topics', 'list', '--timeout', '2s', '-o', 'json', '-b', addressOf(i)]
    const { status, stdout, stderr } = await ktool(asked, '', env)
    expect({ status, stdout: stdout.toString().trim() }).toEqual({ status: 5, stdout: '' })
    expect(JSON.parse(stderr).error.code).toBe(code)
    expect(stderr).toMatch(said)
  })
})

async function startNodes(): Promise<OwnKafka[]> {
  const first = await startOwnKafka('broken-cluster-1', { properties: properties(1) })
  const others = [2, 3].map((id) =>
    startOwnKafka(`broken-cluster-${id}`, { properties: properties(id), controller: first }),
  )
  return [first, ...(await Promise.all(others))]
}

/** What hangs stays in the metadata, as it does until the controller has noticed. */
function properties(id: number): Record<string, string | number> {
  return {
    'node.id': id,
    'broker.rack': `rack${id}`,
    'broker.session.timeout.ms': 600_000,
    'auto.leader.rebalance.enable': 'false',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  }
}

async function fill(): Promise<void> {
  const compact = ['--config', 'cleanup.policy=compact']
  await made(['topics', 'create', '__consumer_offsets', '--assignment', '1,2,3', ...compact])
  await made(['topics', 'create', '__transaction_state', '--assignment', '1,2,3', ...compact])
  await made(['topics', 'create', 'orders', '--assignment', '1:3,2:1,3:1'])
  await made(['topics', 'create', 'well', '--assignment', '1'])
  await made(['topics', 'create', 'lost', '--assignment', '2'])
  await made(['topics', 'create', 'hung', '--assignment', '3'])
  const lines = Array.from({ length: 30 }, (_, i) => `${i}\n`).join('')
  for (const topic of topics) {
    const { status, stderr } = await ktool(
      ['produce', topic, '-b', bootstrap(), '--partitioner', 'round-robin'],
      lines,
      env,
    )
    expect([topic, status, status === 0 ? '' : stderr]).toEqual([topic, 0, ''])
  }
  for (const name of [well, lost, hung]) {
    await made([
      'groups',
      'reset',
      name,
      '--to-offset',
      '2',
      ...topics.flatMap((topic) => ['--topic', topic]),
    ])
    const { status } = await ktool(['produce', 'well', '--txn', name, '-b', bootstrap()], lines, env)
    expect([name, status]).toEqual([name, 0])
  }
  writeFileSync(wanted, '- topic: orders\n  partitions: 3\n- topic: lost\n  partitions: 2\n')
  const to = [
    { topic: 'orders', partition: 2, replicas: [3, 1] },
    { topic: 'lost', partition: 0, replicas: [1] },
  ]
  writeFileSync(moves, JSON.stringify({ version: 1, partitions: to }))
}

async function made(argv: readonly string[]): Promise<void> {
  await eventually(async () => {
    const { status, stderr } = await ktool([...argv, '--yes', '-b', bootstrap()], '', env)
    expect([argv.join(' '), status, status === 0 ? '' : stderr]).toEqual([argv.join(' '), 0, ''])
  })
}

async function answer(argv: readonly string[]): Promise<{ readonly items: unknown[] }> {
  const { stdout } = await ktool([...argv, '-b', bootstrap(), '-o', 'json'], '', env)
  return JSON.parse(stdout.toString())
}

function bootstrap(): string {
  return addressOf(0)
}

function addressOf(i: number): string {
  return `127.0.0.1:${nodes[i]?.port}`
}

/** A short name that Kafka keeps in this one of three partitions. */
function keptIn(partition: number): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `team-${letter}`)
  return names.find((name) => coordinatorPartition(name, 3) === partition) ?? ''
}

/** What is not known stands there with why. */
function expectReasons(row: Row): void {
  for (const [key, info] of Object.entries(row)) {
    const figure = key.endsWith('Info') ? row[key.slice(0, -'Info'.length)] : undefined
    if (figure === null) expect([key, info]).toEqual([key, { reason: expect.stringMatching(/\w/) }])
  }
}
