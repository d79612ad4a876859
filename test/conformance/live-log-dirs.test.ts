import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, environment, ktool } from '../ktool.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'
import { eventually } from './wire/coordinators.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-live-log-dirs-'))
const env = { ...environment, XDG_STATE_HOME: folder }
const RATE = 'replica.alter.log.dirs.io.max.bytes.per.second'
const nodes: OwnKafka[] = []
let tools: KafkaTools

beforeAll(async () => {
  tools = new KafkaTools()
  const first = await startOwnKafka('live-log-dirs-1', { properties: properties(1) })
  nodes.push(first)
  nodes.push(await startOwnKafka('live-log-dirs-2', { properties: properties(2), controller: first }))
  for (const [topic, assignment] of [
    ['orders', '1:2,2:1'],
    ['solo', '1'],
  ] as const) {
    const create = ['--create', '--topic', topic, '--replica-assignment', assignment]
    await tools.tell('topics', ['--bootstrap-server', bootstrap(), ...create])
  }
  const load = ['--topic', 'orders', '--num-records', '20000', '--record-size', '1000', '--throughput', '-1']
  const producer = ['--producer-props', `bootstrap.servers=${bootstrap()}`, 'batch.size=100000']
  await java('org.apache.kafka.tools.ProducerPerformance', [...load, ...producer])
}, 120_000)

afterAll(async () => {
  await tools.stop()
  for (const node of nodes) await node.kill()
  for (const node of nodes) node.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe('two live brokers with two disks each', { timeout: 120_000 }, () => {
  it('have their replicas on the disks that a file names, and Kafka’s tool calls each complete', async () => {
    const before = await lying()
    const path = written(swapped(before))
    const ran = await json(['apply', path, '--disk-throttle', '100MB', '--yes'])
    expect([ran.status, statusesOf(ran)]).toEqual([0, ['done', 'done']])
    expect(await verifiedByKafka(path)).toEqual(replicaNames.map(completed))
    expect([await lying(), await throttles()]).toEqual([asDirs(swapped(before)), []])
    expect((await json(['verify', path])).status).toBe(0)
    const again = await json(['apply', path, '--yes'])
    expect([again.status, statusesOf(again)]).toEqual([0, ['unchanged', 'unchanged']])
    expect((await json(['rollback', '--yes'])).status).toBe(0)
    expect(await lying()).toEqual(before)
    expect((await json(['verify', path])).status).toBe(3)
  })

  it('are held back and put in order by an interrupt, and a rerun does the rest', async () => {
    const before = await lying()
    const path = written(swapped(before))
    const run = begun(['reassign', 'apply', path, '--disk-throttle', '100KB', '--yes'])
    await eventually(async () => expect((await json(['status', '--sample', '0s'])).items).toHaveLength(4))
    expect(await throttles()).toEqual([`${RATE}=100000`, `${RATE}=100000`])
    const seen = await verifiedByKafka(path)
    expect(seen).toContain('Reassignment of replica orders-0-1 is still in progress.')
    const verifying = await json(['verify', path])
    expect([verifying.status, statesOf(verifying)]).toEqual([3, seen.map(stateSeen)])
    run.kill('SIGINT')
    expect(await run.ended).toBe(130)
    expect([await throttles(), (await json(['status'])).items]).toEqual([[], []])
    expect(statesOf(await json(['verify', path]))).toEqual((await verifiedByKafka(path)).map(stateSeen))
    expect((await json(['apply', path, '--yes'])).status).toBe(0)
    expect(await lying()).toEqual(asDirs(swapped(before)))
  })

  it('are rid of what a killed run has throttled by the next one, which does the rest', async () => {
    const before = await lying()
    const path = written(swapped(before))
    const run = begun(['reassign', 'apply', path, '--disk-throttle', '100KB', '--yes'])
    await eventually(async () => expect((await json(['status', '--sample', '0s'])).items).toHaveLength(4))
    run.kill('SIGKILL')
    await run.ended
    expect((await json(['verify', path])).stderr).toMatch(/broker 2 is still throttled: replica.alter/)
    const next = await json(['apply', path, '--disk-throttle', '100MB', '--yes'])
    expect([next.status, statusesOf(next)]).toEqual([0, ['done', 'done']])
    expect([await lying(), await throttles()]).toEqual([asDirs(swapped(before)), []])
  })

  it('are cancelled as Kafka’s tool has begun it, and the other way round', async () => {
    const before = await lying()
    const path = written(swapped(before))
    const kafka = ['--bootstrap-server', bootstrap(), '--reassignment-json-file', path]
    const throttle = ['--replica-alter-log-dirs-throttle', '100000']
    await tools.tell('reassign-partitions', [...kafka, '--execute', ...throttle])
    expect(new Set(statesOf(await json(['verify', path])))).toEqual(new Set(['underway']))
    expect((await json(['verify', path])).stderr).toMatch(/broker 1 is still throttled: replica.alter/)
    const cancelled = await json(['cancel', '--all', '--yes'])
    expect([cancelled.status, statusesOf(cancelled)]).toEqual([0, ['done', 'done']])
    const told = await verifiedByKafka(path)
    expect(told.filter((line) => line.includes('is not being moved from log dir'))).toHaveLength(4)
    await tools.tell('reassign-partitions', [...kafka, '--verify'])
    expect(await throttles()).toEqual([])

    const run = begun(['reassign', 'apply', path, '--disk-throttle', '100KB', '--yes'])
    await eventually(async () => expect((await json(['status', '--sample', '0s'])).items).toHaveLength(4))
    await tools.tell('reassign-partitions', [...kafka, '--cancel', '--preserve-throttles'])
    expect(await run.ended).toBe(1)
    expect([await throttles(), await lying()]).toEqual([[], before])
  })

  it('create a replica that comes from another broker on the disk that is named for it', async () => {
    const second = dirsOf(2)
    for (const dir of [second[1], second[0]]) {
      const path = written([{ topic: 'solo', partition: 0, replicas: [2, 1], log_dirs: [dir, 'any'] }])
      const came = await json(['apply', path, '--throttle', '100MB', '--yes'])
      expect([came.status, (await lying('solo'))['solo-0-2']]).toEqual([0, dir])
      expect(await verifiedByKafka(path)).toEqual([
        'Reassignment of replica solo-0-2 completed successfully.',
      ])
      expect((await json(['rollback', '--yes'])).status).toBe(0)
      expect(Object.keys(await lying('solo'))).not.toContain('solo-0-2')
    }
  })

  it('are given nothing on a disk that they do not have, or to which nothing may come', async () => {
    const first = dirsOf(1)
    const gone = [{ topic: 'solo', partition: 0, replicas: [1], log_dirs: [join(folder, 'nowhere')] }]
    const refused = await json(['apply', written(gone), '--yes'])
    expect([refused.status, refused.errors]).toMatchObject([1, [{ code: 'no-such-log-dir' }]])
    expect(refused.errors[0]?.message).toContain(first.join(', '))

    const broker = ['--bootstrap-server', bootstrap(), '--alter', '--entity-type', 'brokers']
    const cordon = ['--entity-name', '1', '--add-config', `cordoned.log.dirs=${first[0]}`]
    await tools.tell('configs', [...broker, ...cordon])
    const there = (await lying('solo'))['solo-0-1']
    for (const dir of [first[1], first[0]]) {
      const line = { topic: 'solo', partition: 0, replicas: [1], log_dirs: [dir] }
      const { status, errors } = await json(['apply', written([line]), '--yes'])
      const isRefused = dir === first[0]
      expect([status, errors.map(({ code }) => code)], `from ${there}`).toEqual(
        isRefused ? [1, ['log-dir-cordoned']] : [0, []],
      )
    }
    await tools.tell('configs', [...broker, '--entity-name', '1', '--delete-config', 'cordoned.log.dirs'])
  })
})

interface Line {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly log_dirs: readonly (string | undefined)[]
}

const placement = [
  [1, 2],
  [2, 1],
]
/** In the order in which Kafka's tool tells them. */
const replicaNames = ['orders-0-1', 'orders-1-1', 'orders-0-2', 'orders-1-2']

function dirsOf(id: number): string[] {
  return ['a', 'b'].map((name) => join(folder, `broker-${id}`, name))
}

function properties(id: number) {
  for (const dir of dirsOf(id)) mkdirSync(dir, { recursive: true })
  return { 'node.id': id, 'log.dirs': dirsOf(id).join(','), 'offsets.topic.replication.factor': 1 }
}

/** Every replica on the other disk of its broker. */
function swapped(now: Readonly<Record<string, string>>): Line[] {
  return placement.map((replicas, partition) => ({
    ...{ topic: 'orders', partition, replicas },
    log_dirs: replicas.map((id) => dirsOf(id).find((dir) => dir !== now[`orders-${partition}-${id}`])),
  }))
}

function asDirs(lines: readonly Line[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap(({ partition, replicas, log_dirs }) =>
      replicas.map((id, i) => [`orders-${partition}-${id}`, log_dirs[i] ?? '']),
    ),
  )
}

/** Where Kafka's own tool says that replicas lie. */
async function lying(topic = 'orders'): Promise<Record<string, string>> {
  const args = ['--bootstrap-server', bootstrap(), '--describe', '--topic-list', topic]
  const said = await tools.tell('log-dirs', args)
  const { brokers } = JSON.parse(said.split('\n').find((line) => line.startsWith('{')) ?? '') as {
    brokers: {
      broker: number
      logDirs: { logDir: string; partitions: { partition: string; isFuture: boolean }[] }[]
    }[]
  }
  const all = brokers.flatMap(({ broker, logDirs }) =>
    logDirs.flatMap(({ logDir, partitions }) =>
      partitions
        .filter(({ isFuture }) => !isFuture)
        .map(({ partition }) => [`${partition}-${broker}`, logDir] as const),
    ),
  )
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function completed(name: string): string {
  return `Reassignment of replica ${name} completed successfully.`
}

/** What it says of replicas and their disks, in the order of the replicas. */
async function verifiedByKafka(path: string): Promise<string[]> {
  const args = ['--verify', '--preserve-throttles', '--reassignment-json-file', path]
  const said = await tools.tell('reassign-partitions', ['--bootstrap-server', bootstrap(), ...args])
  return said.split('\n').filter((line) => /^Reassignment of replica |on broker/.test(line))
}

function stateSeen(line: string): string {
  if (line.includes('completed')) return 'done'
  return line.includes('in progress') ? 'underway' : 'differs'
}

/** Of replicas and their disks, in the order in which Kafka's tool tells them. */
function statesOf({ items }: { readonly items: readonly Record<string, unknown>[] }): unknown[] {
  const name = ({ partition, broker }: Record<string, unknown>) => `${broker}-${partition}`
  const replicas = items.filter(({ broker }) => broker !== null)
  return replicas.toSorted((a, b) => (name(a) < name(b) ? -1 : 1)).map(({ state }) => state)
}

function statusesOf({ items }: { readonly items: readonly Record<string, unknown>[] }): unknown[] {
  return items.map(({ status }) => status)
}

/** Of the brokers, as Kafka's own tool tells. */
async function throttles(): Promise<string[]> {
  const told = await tools.tell('configs', [
    ...['--bootstrap-server', bootstrap(), '--describe', '--entity-type', 'brokers'],
  ])
  return [...told.matchAll(/^ {2}(\S*(?:throttled|io\.max)\S*) sensitive/gm)].map(
    ([, config]) => config ?? '',
  )
}

function bootstrap(): string {
  return `127.0.0.1:${nodes[0]?.port}`
}

function written(partitions: readonly Line[]): string {
  const path = join(folder, 'moves.json')
  writeFileSync(path, JSON.stringify({ version: 1, partitions }))
  return path
}

async function json(args: string[]) {
  const all = ['reassign', ...args, '-b', bootstrap(), '-o', 'json']
  const { status, stdout, stderr } = await ktool(all, '', env)
  const { items = [], errors = [] } = JSON.parse(stdout.toString() || '{}')
  return {
    ...{ status, stderr },
    items: items as Record<string, unknown>[],
    errors: errors as { code: string; message: string }[],
  }
}

function begun(args: string[]) {
  const child = spawn(process.execPath, [bin, ...args, '-b', bootstrap()], { env, stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { ended, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}
