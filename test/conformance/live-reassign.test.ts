import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, environment, ktool } from '../ktool.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'
import { eventually } from './wire/coordinators.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-live-reassign-'))
const env = { ...environment, XDG_STATE_HOME: folder }
const nodes: OwnKafka[] = []
let tools: KafkaTools
const properties = (id: number) => ({
  'node.id': id,
  'broker.rack': `rack${id}`,
  'broker.session.timeout.ms': 2000,
  'broker.heartbeat.interval.ms': 200,
  'auto.leader.rebalance.enable': 'false',
  'offsets.topic.replication.factor': 1,
})

beforeAll(async () => {
  tools = new KafkaTools()
  const first = await startOwnKafka('live-reassign-1', { properties: properties(1) })
  nodes.push(first)
  nodes.push(...(await Promise.all([2, 3].map((id) => more(id, first)))))
  await topics(['--create', '--topic', 'orders', '--replica-assignment', '2:3,3:1,1:2,2:3,3:1,1:2'])
  await topics(['--create', '--topic', 'lost', '--replica-assignment', '3:2'])
  const load = ['--topic', 'orders', '--num-records', '40000', '--record-size', '1000', '--throughput', '-1']
  const producer = ['--producer-props', `bootstrap.servers=${bootstrap()}`, 'batch.size=100000']
  await java('org.apache.kafka.tools.ProducerPerformance', [...load, ...producer])
}, 120_000)

afterAll(async () => {
  await tools.stop()
  for (const node of nodes) await node.kill()
  for (const node of nodes) node.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe('three live brokers', { timeout: 120_000 }, () => {
  it('are left by exactly those replicas that are drained, and Kafka’s tool calls it complete', async () => {
    const moves = await planned('moves.json', ['--drain', '3'])
    expect(moves.partitions.map(({ partition }) => partition)).toEqual([0, 1, 3, 4])
    const { status, items } = await json(['apply', moves.path, '--throttle', '50MB', '--yes'])
    expect([status, items.map((item) => item.status)]).toEqual([0, ['done', 'done', 'done', 'done']])
    expect(await verifiedByKafka(moves.path)).toHaveLength(4)
    expect(await replicas('orders')).not.toMatch(/3/)
    expect(await throttles()).toEqual([])
  })

  it('have nothing to do when the same is asked once more', async () => {
    const { status, items } = await json(['apply', join(folder, 'moves.json'), '--yes'])
    expect([status, new Set(items.map((item) => item.status))]).toEqual([0, new Set(['unchanged'])])
  })

  it('go back to where they were', async () => {
    const { status } = await json(['rollback', '--yes'])
    expect([status, await replicas('orders')]).toEqual([0, '2,3 3,1 1,2 2,3 3,1 1,2'])
  })

  it('have no throttle and no half move left after an interrupt, and a rerun does the rest', async () => {
    const moves = join(folder, 'moves.json')
    const throttled = ['reassign', 'apply', moves, '--throttle', '1MB', '--batch', '2', '--yes']
    const run = begun(throttled)
    await eventually(async () => expect((await json(['status', '--sample', '0s'])).items).toHaveLength(2))
    const verifying = await json(['verify', moves])
    expect([verifying.status, verifying.stderr]).toEqual([
      3,
      expect.stringMatching(/broker 1 is still throttled/),
    ])
    run.kill('SIGINT')
    expect(await run.ended).toBe(130)
    expect((await json(['status'])).items).toEqual([])
    expect(await throttles()).toEqual([])
    expect((await json(['apply', moves, '--yes'])).status).toBe(0)
    expect((await json(['verify', moves])).status).toBe(0)
    expect((await json(['rollback', '--yes'])).status).toBe(0)
  })

  it('are rid of what a killed run has throttled by the next one, and keep what an operator has set', async () => {
    await configs(['--entity-type', 'topics', '--entity-name', 'orders', '--add-config', `${LIST}=[5:2]`])
    const moves = join(folder, 'moves.json')
    const run = begun(['reassign', 'apply', moves, '--throttle', '1MB', '--yes'])
    await eventually(async () =>
      expect((await json(['status', '--sample', '0s'])).items.length).toBeGreaterThan(0),
    )
    run.kill('SIGKILL')
    await run.ended
    expect((await json(['verify', moves])).stderr).toMatch(/broker 1 is still throttled/)
    const other = written('other.json', [{ topic: 'orders', partition: 5, replicas: [3, 1] }])
    expect((await json(['apply', other, '--yes'])).stderr).toMatch(/other reassignments are under way/)
    expect((await json(['apply', moves, '--throttle', '100MB', '--yes'])).status).toBe(0)
    expect(await throttles()).toEqual([`${LIST}=5:2`])
    await configs(['--entity-type', 'topics', '--entity-name', 'orders', '--delete-config', LIST])
  })

  it('get and lose replicas, and give up what is cancelled', async () => {
    const up = await planned('up.json', ['orders', '--replication-factor', '3'])
    const run = begun(['reassign', 'apply', up.path, '--throttle', '1MB', '--yes'])
    await eventually(async () =>
      expect((await json(['status', '--sample', '0s'])).items.length).toBeGreaterThan(0),
    )
    const cancelled = await json(['cancel', '--all', '--yes'])
    expect([cancelled.status, cancelled.items.length > 0]).toEqual([0, true])
    expect(await run.ended).toBe(1)
    expect((await json(['status'])).items).toEqual([])
    expect((await json(['apply', up.path, '--batch', '3', '--yes'])).status).toBe(0)
    expect(await replicas('orders')).toMatch(/^\d,\d,\d( \d,\d,\d){5}$/)
    const down = await planned('down.json', ['orders', '--replication-factor', '2'])
    expect((await json(['apply', down.path, '--yes'])).status).toBe(0)
    expect(await verifiedByKafka(down.path)).toHaveLength(6)
  })

  it('get back their leaders after a broker was away, and a leader where there was none', async () => {
    const [first, second, third] = nodes
    await second?.kill()
    await eventually(async () => expect(await describedTopics('lost')).toMatch(/Leader: 3\t.*Isr: 3\t/))
    await third?.kill()
    await eventually(async () => expect(await describedTopics('lost')).toMatch(/Leader: none/))
    expect((await imbalance()).leaderless).toBeGreaterThan(0)
    if (first !== undefined && second !== undefined) nodes.push(await more(2, first, second))
    const refused = await leaders(['elect', '--unclean', 'lost:0', '--yes'])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/--confirm lost:0/)])
    const unclean = await leaders(['elect', '--unclean', 'lost:0', '--confirm', 'lost:0'])
    expect([unclean.status, unclean.items]).toMatchObject([0, [{ after: 2, status: 'done' }]])
    expect(await describedTopics('lost')).toMatch(/Leader: 2\t/)
    if (first !== undefined && third !== undefined) nodes.push(await more(3, first, third))
    await eventually(async () => expect(await describedTopics('lost')).toMatch(/Isr: (2,3|3,2)/))
    await eventually(async () =>
      expect((await leaders(['elect', '--preferred', '--all', '--yes'])).status).toBe(0),
    )
    expect((await imbalance()).imbalanced).toBe(0)
    const again = await tools.tell('leader-election', [
      ...['--bootstrap-server', bootstrap(), '--election-type', 'preferred', '--all-topic-partitions'],
    ])
    expect(again).not.toMatch(/Successfully completed/)
    const once = await leaders(['elect', '--preferred', 'lost', '--yes'])
    expect(once.items).toMatchObject([{ before: 3, after: 3, status: 'unchanged' }])
  })
})

const LIST = 'leader.replication.throttled.replicas'

function bootstrap(): string {
  return `127.0.0.1:${nodes[0]?.port}`
}

function more(id: number, controller: OwnKafka, former?: OwnKafka): Promise<OwnKafka> {
  const options = { properties: properties(id), controller, ...(former && { former }) }
  return startOwnKafka(`live-reassign-${id}`, options)
}

function topics(args: string[]): Promise<string> {
  return tools.tell('topics', ['--bootstrap-server', bootstrap(), ...args])
}

function describedTopics(topic: string): Promise<string> {
  return topics(['--describe', '--topic', topic])
}

async function replicas(topic: string): Promise<string> {
  const lines = [...(await describedTopics(topic)).matchAll(/Replicas: (\S+)/g)]
  return lines.map(([, ids]) => ids).join(' ')
}

async function verifiedByKafka(path: string): Promise<readonly string[]> {
  const args = ['--verify', '--preserve-throttles', '--reassignment-json-file', path]
  const said = await tools.tell('reassign-partitions', ['--bootstrap-server', bootstrap(), ...args])
  return said.match(/^Reassignment of partition \S+ is completed\.$/gm) ?? []
}

/** Every throttle that is set anywhere, as Kafka's own tool tells. */
async function throttles(): Promise<string[]> {
  const told = await Promise.all([
    configs(['--describe', '--entity-type', 'brokers']),
    configs(['--describe', '--entity-type', 'topics', '--entity-name', 'orders']),
  ])
  return [...told.join('\n').matchAll(/^ {2}(\S+throttled\S+) sensitive/gm)].map(([, config]) => config ?? '')
}

function configs(args: string[]): Promise<string> {
  const change = args.includes('--describe') ? [] : ['--alter']
  return tools.tell('configs', ['--bootstrap-server', bootstrap(), ...change, ...args])
}

interface Line {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
}

async function planned(name: string, args: string[]) {
  const { status, stdout } = await ktool([
    'reassign',
    'plan',
    'orders',
    ...args,
    '--kafka-json',
    '-b',
    bootstrap(),
  ])
  expect(status).toBe(0)
  const { partitions } = JSON.parse(stdout.toString()) as { partitions: Line[] }
  return { path: written(name, partitions), partitions }
}

function written(name: string, partitions: readonly Line[]): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ version: 1, partitions }))
  return path
}

function json(args: string[]) {
  return answered(['reassign', ...args])
}

function leaders(args: string[]) {
  return answered(['leaders', ...args])
}

async function answered(args: string[]) {
  const { status, stdout, stderr } = await ktool([...args, '-b', bootstrap(), '-o', 'json'], '', env)
  const text = stdout.toString()
  const items: Record<string, unknown>[] = text === '' ? [] : JSON.parse(text).items
  return { status, stderr, items }
}

async function imbalance() {
  const { items } = await leaders(['imbalance'])
  const sum = (key: string) => items.reduce((all, item) => all + Number(item[key]), 0)
  return { imbalanced: sum('imbalanced'), leaderless: sum('leaderless') }
}

function begun(args: string[]) {
  const child = spawn(process.execPath, [bin, ...args, '-b', bootstrap()], { env, stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { ended, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}
