import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'

let broker: BrokerInProcess
let writer: LiveWriter
let state: string

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'ktool-state-'))
  broker = await brokerInProcess({ settings: { 'group.initial.rebalance.delay.ms': '0' } })
  writer = new LiveWriter(broker.bootstrap)
  await writer.topic('orders', 3)
  // One record a millisecond, from second 1, 2 and 3 on.
  for (const partition of [0, 1, 2]) {
    await writer.write('orders', partition, { count: 10, timestampMs: (partition + 1) * 1000 })
  }
  await writer.trim('orders', 0, 4)
})

beforeEach(() => writer.cluster.deadline.renew())

afterAll(async () => {
  await writer[Symbol.asyncDispose]()
  await broker[Symbol.asyncDispose]()
  rmSync(state, { recursive: true, force: true })
})

/** The time that a command takes for the present; nothing leaves it to the clock. */
let presentMs: number | undefined

async function groups(verb: string, ...args: string[]) {
  const input = args.at(-1)?.startsWith('<') ? (args.pop() ?? '').slice(1) : ''
  const stdin = {
    isTerminal: false,
    async *chunks() {
      yield Buffer.from(input)
    },
  }
  const system = systemClock(() => process.hrtime())
  const clock = { ...system, nowMs: () => presentMs ?? system.nowMs() }
  const environment = { XDG_STATE_HOME: state }
  return runLive(`groups ${verb}`, broker.bootstrap, args, { environment, stdin, clock })
}

/** `orders:0 7>4 planned` */
async function changes(verb: string, ...args: string[]) {
  const { status, stdout, stderr } = await groups(verb, '-o', 'json', ...args)
  const { items, errors } = JSON.parse(stdout)
  return {
    status,
    stderr,
    errors: errors.map(({ item, code }: Record<string, string>) => `${item}: ${code}`),
    rows: items.map((row: Record<string, unknown>) => {
      return `${row.topic}:${row.partition} ${row.before}>${row.after} ${row.status}`
    }),
  }
}

async function exported(group: string): Promise<string> {
  return (await groups('export', group)).stdout
}

describe('ktool groups reset', () => {
  it.each([
    [
      ['--to', 'start'],
      ['4', '0', '0'],
    ],
    [['--to-latest'], ['10', '10', '10']],
    [['--to-current'], ['7', '8', '10']],
    [
      ['--to', '6'],
      ['6', '6', '6'],
    ],
    [
      ['--to', '@1970-01-01T00:00:02.005Z'],
      ['10', '5', '0'],
    ],
    [
      ['--to-datetime', '1970-01-01T00:00:03.009'],
      ['10', '10', '9'],
    ],
  ])('finds where %j leads', async (scenario, expected) => {
    await writer.commit('finding', 'orders', { 0: 7, 1: 8 })
    const { status, stdout } = await groups('reset', 'finding', ...scenario, '--topic', 'orders', '--export')
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expected.map((offset, partition) => `orders,${partition},${offset}\n`).join(''),
    })
  })

  it('moves what is outside of the log to its nearer end, and says so', async () => {
    await writer.commit('clamped', 'orders', { 0: 7, 1: 8 })
    const back = await changes('reset', 'clamped', '--shift-by', '-5', '--all-topics', '--dry-run')
    expect(back.rows).toEqual(['orders:0 7>4 planned', 'orders:1 8>3 planned'])
    expect(back.stderr).toContain('clamped orders:0: 2 is before the log start: set to 4')
    const on = await changes('reset', 'clamped', '--to', '+5', '--topic', 'orders', '--dry-run')
    expect(on.rows).toEqual(['orders:0 7>10 planned', 'orders:1 8>10 planned'])
    expect(on).toMatchObject({ status: 1, errors: ['clamped orders:2: no-commit'] })
    expect(await exported('clamped')).toBe('orders,0,7\norders,1,8\n')
  })

  it('keeps what was committed, does it, and does nothing the second time', async () => {
    await writer.commit('moved', 'orders', { 0: 7, 1: 8 })
    const args = ['moved', '--to', 'end', '--topic', 'orders:0,2', '--yes']
    const first = await changes('reset', ...args)
    expect(first).toMatchObject({ status: 0, rows: ['orders:0 7>10 done', 'orders:2 null>10 done'] })
    expect(await exported('moved')).toBe('orders,0,10\norders,1,8\norders,2,10\n')
    const kept = readdirSync(join(state, 'ktool', 'rollback')).filter((name) =>
      name.endsWith('groups.commits.csv'),
    )
    const csv = readFileSync(join(state, 'ktool', 'rollback', kept.at(-1) ?? ''), 'utf8')
    expect(csv).toBe('orders,0,7\n')
    const second = await changes('reset', ...args)
    expect(second).toMatchObject({
      status: 0,
      rows: ['orders:0 10>10 unchanged', 'orders:2 10>10 unchanged'],
    })
    expect(second.stderr).toContain('there is nothing to do')
  })

  it('goes on with the others where a topic or a partition is not there', async () => {
    const { rows, errors, status, stderr } = await changes(
      ...['reset', 'newborn', '--to', 'start', '--topic', 'orders:1,7', '--topic', 'nowhere', '--dry-run'],
    )
    expect({ rows, errors, status }).toEqual({
      status: 1,
      rows: ['orders:1 null>0 planned'],
      errors: ['orders:7: partition-not-found', 'nowhere: topic-not-found'],
    })
    expect(stderr).toContain('there is no group "newborn" yet')
  })

  it('asks for a place, a scope and a group', async () => {
    const usage = async (...args: string[]) => (await groups('reset', ...args)).status
    expect(await usage('g', '--topic', 'orders', '--yes')).toBe(2)
    expect(await usage('g', '--to', 'end', '--yes')).toBe(2)
    expect(await usage('--to', 'end', '--topic', 'orders', '--yes')).toBe(2)
    expect(await usage('g', '--to', 'end', '--topic', 'orders')).toBe(2)
  })
})

describe('ktool groups export, import, clone and delete', () => {
  it('carry commits from one group to another, with all that belongs to them', async () => {
    await writer.commit('source', 'orders', { 0: 7, 1: 8 })
    expect((await groups('clone', 'source', 'copy', '--yes')).status).toBe(0)
    const { stdout } = await groups('export', 'copy', '-o', 'jsonl')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { group: 'copy', topic: 'orders', partition: 0, offset: 7, metadata: 'by hand' },
      { group: 'copy', topic: 'orders', partition: 1, offset: 8, metadata: 'by hand' },
    ])
    const both = (await groups('export', 'copy', 'source')).stdout
    expect(both).toBe('copy,orders,0,7\ncopy,orders,1,8\nsource,orders,0,7\nsource,orders,1,8\n')
    const renamed = both.replaceAll('copy,', 'third,')
    const imported = await changes('import', '--yes', '-', `<${renamed}`)
    expect(imported.rows).toEqual([
      'orders:0 7>7 unchanged',
      'orders:1 8>8 unchanged',
      'orders:0 null>7 done',
      'orders:1 null>8 done',
    ])
    expect((await groups('import', '--yes', '-', '<orders,0,5\n')).status).toBe(2)
  })

  it('delete groups by pattern, and only those', async () => {
    for (const group of ['old-1', 'old-2', 'old-10']) await writer.commit(group, 'orders', { 0: 5 })
    const { status, stdout } = await groups('delete', '--regex', 'old-.', '--yes', '-o', 'name')
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'old-1\nold-2\n' })
    expect((await groups('list', '-o', 'name')).stdout).toContain('old-10\n')
    expect((await groups('delete', 'old-1', '--yes')).status).toBe(1)
  })

  it('delete offsets of a topic', async () => {
    await writer.commit('forgetful', 'orders', { 0: 5, 1: 6 })
    const { rows } = await changes('delete-offsets', 'forgetful', '--topic', 'orders:1', '--yes')
    expect(rows).toEqual(['orders:1 6>null done'])
    expect(await exported('forgetful')).toBe('orders,0,5\n')
    const again = await changes('delete-offsets', 'forgetful', '--topic', 'orders:1-2', '--yes')
    expect(again).toMatchObject({ status: 1, rows: [], errors: ['forgetful orders:1-2: no-commit'] })
  })
})

describe('a group with a member', () => {
  it('is refused with its name, until it is gone', async () => {
    const kafka = new Kafka({
      brokers: [broker.bootstrap],
      clientId: 'busy-client',
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'busy', heartbeatInterval: 500 })
    await consumer.connect()
    await consumer.subscribe({ topic: 'orders', fromBeginning: true })
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
    await consumer.run({ eachMessage: async () => {} })
    await joined
    const reset = ['reset', 'busy', '--to', 'start', '--topic', 'orders', '--yes']
    const refused = await groups(...(reset as [string]))
    expect(refused.status).toBe(1)
    expect(refused.stderr).toMatch(
      /the group has a member: busy-client-.* \(client busy-client at \/?127\.0\.0\.1\)/,
    )
    expect((await groups('delete', 'busy', '--yes')).stderr).toContain('the group has a member')
    const kicked = await groups('kick', 'busy', '--all', '--yes', '-o', 'json')
    expect(JSON.parse(kicked.stdout).items).toMatchObject([{ action: 'remove', status: 'done' }])
    expect((await groups('kick', 'busy', '--member', 'nobody', '--yes')).status).toBe(1)
    const waiting = groups(...(reset as [string]), '--wait', '30s')
    await consumer.disconnect()
    expect((await waiting).status).toBe(0)
    expect(await exported('busy')).toBe('orders,0,4\norders,1,0\norders,2,0\n')
  })
})

describe('ktool groups status', () => {
  it('reads the last commits, and tells by them', async () => {
    for (let offset = 1; offset <= 9; offset += 1) await writer.commit('steady', 'orders', { 1: offset })
    const status = async (...args: string[]) => {
      const run = await groups('status', ...args, '-o', 'json')
      return { status: run.status, items: JSON.parse(run.stdout).items }
    }
    expect(await status('steady')).toMatchObject({ status: 0, items: [{ status: 'UNKNOWN', complete: 0 }] })
    await writer.commit('steady', 'orders', { 1: 10 })
    expect(await status('steady')).toMatchObject({ status: 0, items: [{ status: 'OK', complete: 1 }] })
    await writer.commit('steady', 'orders', { 1: 2 })
    // However long this machine takes to ask.
    presentMs = Date.now()
    expect(await status('steady')).toMatchObject({
      status: 3,
      items: [{ status: 'ERR', worst: 'REWIND orders:1', maxLag: 8, partitionCount: 1 }],
    })
    presentMs = undefined
    const looked = await status('steady', '--samples', '2', '--every', '10ms')
    expect(looked).toMatchObject({ status: 3, items: [{ worst: 'STOP orders:1' }] })
    expect((await groups('status', 'nobody')).status).toBe(1)
  })
})
