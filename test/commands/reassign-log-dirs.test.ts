import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Stop } from '../../src/lib/cli/stop.ts'
import { alterPartitionReassignments } from '../../src/lib/protocol/apis/alter-partition-reassignments.ts'
import { type MovingCluster, movingCluster } from '../support/moving-cluster.ts'
import { jsonLive } from '../support/run-live.ts'

const RATE = 'replica.alter.log.dirs.io.max.bytes.per.second'
let folder: string
let cluster: MovingCluster
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-reassign-dirs-'))
  const replicas = [
    [1, 2],
    [2, 3],
  ]
  cluster = await movingCluster(replicas, { hasDisks: true })
})
afterEach(async () => {
  await cluster[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const onDisks = { topic: 'orders', partition: 0, replicas: [1, 2], log_dirs: ['/b', 'any'] }
const toBroker = { topic: 'orders', partition: 1, replicas: [4, 3], log_dirs: ['/b', '/b'] }

function file(...partitions: readonly object[]): string {
  const path = join(folder, 'moves.json')
  writeFileSync(path, JSON.stringify({ version: 1, partitions }))
  return path
}

function run(name: string, argv: readonly string[], stop = new Stop()) {
  return jsonLive(name, cluster.peer.bootstrap, argv, { environment: { XDG_STATE_HOME: folder }, stop })
}

/** `partition@broker directory`, and where it is on its way to. */
function lying(): string {
  const all = [...cluster.lying].map(([key, { logDir, future }]) => `${key}${logDir}${future ?? ''}`)
  return all.sort().join(' ')
}

function stateOf(ran: { readonly items: readonly Record<string, unknown>[] }) {
  return ran.items.map((item) => item.status ?? item.state)
}

describe('ktool reassign apply, with directories', () => {
  it('asks no controller to move what stays on its brokers', async () => {
    const { status, items, stderr } = await run('reassign apply', [file(onDisks), '--yes'])
    expect([status, items]).toMatchObject([
      0,
      [
        {
          item: 'orders:0',
          action: 'move',
          before: { replicas: [1, 2], logDirs: ['/a', 'any'] },
          after: { replicas: [1, 2], logDirs: ['/b', 'any'] },
          status: 'done',
        },
      ],
    ])
    expect(stderr).toMatch(/one replica is copied to another disk of its broker, about 1000B/)
    expect(lying()).toBe('0@1/b 0@2/a 1@2/a 1@3/a')
    expect([cluster.placed, cluster.peer.of(alterPartitionReassignments)]).toEqual([['1 0 /b'], []])
  })

  it('names the directory before the replica comes, and moves those that stay afterwards', async () => {
    const { status } = await run('reassign apply', [file(toBroker), '--yes'])
    expect([status, lying(), cluster.placed]).toEqual([0, '0@1/a 0@2/a 1@3/b 1@4/b', ['4 1 /b', '3 1 /b']])
  })

  it('sends a replica on that came to another directory', async () => {
    const moving = run('reassign apply', [file(toBroker), '--yes'])
    await expect.poll(() => cluster.lying.get('1@4')).toBeDefined()
    // As a broker does that was started anew in between.
    cluster.lying.set('1@4', { logDir: '/a', future: null, looksLeft: 0 })
    expect([(await moving).status, lying()]).toEqual([0, '0@1/a 0@2/a 1@3/b 1@4/b'])
    expect(cluster.placed).toEqual(['4 1 /b', '3 1 /b', '4 1 /b'])
  })

  it('does nothing twice, and goes back to the directories where it began', async () => {
    cluster.lying.set('1@2', { logDir: '/c', future: null, looksLeft: 0 })
    await run('reassign apply', [file(onDisks, toBroker), '--yes'])
    const again = await run('reassign apply', [file(onDisks, toBroker), '--yes'])
    expect([stateOf(again), cluster.placed.length]).toEqual([['unchanged', 'unchanged'], 3])
    const { status } = await run('reassign rollback', ['--yes'])
    expect([status, lying()]).toEqual([0, '0@1/a 0@2/a 1@2/c 1@3/a'])
  })

  it('changes nothing on a dry run', async () => {
    const { status, items } = await run('reassign apply', [file(onDisks, toBroker), '--dry-run'])
    expect([status, stateOf({ items }), cluster.placed]).toEqual([0, ['planned', 'planned'], []])
    expect(cluster.peer.of(alterPartitionReassignments)).toEqual([])
  })

  it('does a plan that was kept, and refuses it where somebody has moved a replica since', async () => {
    const plan = join(folder, 'plan.json')
    await run('reassign apply', [file(onDisks), '--plan-out', plan])
    cluster.lying.set('0@1', { logDir: '/c', future: null, looksLeft: 0 })
    const refused = await run('reassign apply', [plan, '--yes'])
    expect([refused.status, refused.said]).toEqual([1, expect.stringContaining('stale-plan')])
    cluster.lying.set('0@1', { logDir: '/a', future: '/b', looksLeft: 3 })
    const done = await run('apply', [plan, '--yes'])
    expect([done.status, lying()]).toEqual([0, '0@1/b 0@2/a 1@2/a 1@3/a'])
  })

  it.each([
    ['/x', 'broker 1 has no log directory \\"/x\\"; it has /a, /b, /c'],
    ['b', 'by its absolute path'],
    ['/b', 'the log directory /b of broker 1 is offline'],
    ['/c', 'the log directory /c of broker 1 is cordoned'],
  ])('fails for a replica in %s alone, where that cannot be', async (path, reason) => {
    cluster.failed.add('1 /b')
    cluster.cordoned.add('1 /a').add('1 /c')
    const wrong = { ...onDisks, log_dirs: [path, 'any'] }
    const { status, said, items } = await run('reassign apply', [file(wrong, toBroker), '--dry-run'])
    expect([status, stateOf({ items }), said]).toEqual([1, ['planned'], expect.stringContaining(reason)])
  })

  it('leaves a replica where it is, though nothing more may come there', async () => {
    cluster.cordoned.add('1 /a')
    const { status, items } = await run('reassign apply', [
      file({ ...onDisks, log_dirs: ['/a', '/b'] }),
      '--yes',
    ])
    expect([status, stateOf({ items }), cluster.placed]).toEqual([0, ['done'], ['2 0 /b']])
  })

  it('goes on by itself without a throttle, when it is stopped', async () => {
    cluster.looks = Number.POSITIVE_INFINITY
    const stop = new Stop()
    const running = run('reassign apply', [file(onDisks), '--yes'], stop)
    await expect.poll(() => cluster.placed.length).toBe(1)
    stop.request(130)
    expect([stateOf(await running), lying()]).toEqual([['started'], '0@1/a/b 0@2/a 1@2/a 1@3/a'])
    cluster.looks = 1
    cluster.lying.set('0@1', { logDir: '/a', future: '/b', looksLeft: 2 })
    expect(stateOf(await run('reassign apply', [file(onDisks), '--yes']))).toEqual(['done'])
  })

  it('stays where it is when it is stopped under a throttle, which is gone again', async () => {
    cluster.looks = Number.POSITIVE_INFINITY
    cluster.configs.set(`4 3 ${RATE}`, '7')
    const stop = new Stop()
    const throttled = [file(onDisks, toBroker), '--disk-throttle', '1MB', '--batch', '1', '--yes']
    const running = run('reassign apply', throttled, stop)
    await expect.poll(() => cluster.placed.length).toBe(1)
    expect([...cluster.configs].sort()).toEqual([
      [`4 1 ${RATE}`, '1000000'],
      [`4 3 ${RATE}`, '1000000'],
      [`4 4 ${RATE}`, '1000000'],
    ])
    stop.request(130)
    const ran = await running
    expect([ran.status, stateOf(ran), lying()]).toEqual([
      130,
      ['interrupted', 'interrupted'],
      '0@1/a 0@2/a 1@2/a 1@3/a',
    ])
    expect([...cluster.configs]).toEqual([[`4 3 ${RATE}`, '7']])
  })

  it('takes away the throttle that a killed run has left', async () => {
    await run('reassign apply', [file(onDisks), '--disk-throttle', '1MB', '--yes'])
    expect([...cluster.configs]).toEqual([])
    for (const { type, resource, name, ours } of throttlesOfKilled()) {
      expect([type, resource, name]).toEqual(['brokers', '1', RATE])
      cluster.configs.set(`4 ${resource} ${name}`, ours)
    }
    const verified = await run('reassign verify', [file(onDisks)])
    expect(verified.stderr).toMatch(/broker 1 is still throttled: replica.alter.log.dirs/)
    await run('reassign unthrottle', ['--yes'])
    expect([...cluster.configs]).toEqual([])
  })

  it('leaves a throttle under which others copy between disks', async () => {
    cluster.lying.set('1@2', { logDir: '/a', future: '/b', looksLeft: 99 })
    const moved = { ...onDisks, log_dirs: ['any', '/b'] }
    const ran = await run('reassign apply', [file(moved), '--disk-throttle', '1MB', '--yes'])
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringContaining('the rate of broker 2: it stays')])
    cluster.lying.set('1@2', { logDir: '/b', future: null, looksLeft: 0 })
    await run('reassign unthrottle', ['--yes'])
    expect([...cluster.configs]).toEqual([])
  })

  it('refuses where others send the same replica elsewhere, unless it is additional', async () => {
    cluster.lying.set('0@1', { logDir: '/b', future: '/a', looksLeft: 99 })
    const refused = await run('reassign apply', [file(onDisks), '--yes'])
    expect([refused.status, refused.said]).toEqual([
      1,
      expect.stringContaining('reassignments are under way: orders:0 on'),
    ])
    expect((await run('reassign apply', [file(onDisks), '--additional', '--yes'])).status).toBe(0)
    expect(lying()).toMatch(/^0@1\/b 0@2/)
  })
})

describe('a move between disks that is under way', () => {
  beforeEach(() => {
    cluster.looks = Number.POSITIVE_INFINITY
    cluster.lying.set('0@1', { logDir: '/a', future: '/b', looksLeft: 99 })
  })

  it('is told with how far it has come', async () => {
    const { status, items, stderr } = await run('reassign status', ['--sample', '0s'])
    expect([status, items]).toMatchObject([
      0,
      [{ partition: 0, broker: 1, logDir: '/a', futureLogDir: '/b', copiedBytes: 400, totalBytes: 1000 }],
    ])
    expect(stderr).toMatch(/400B of 1000B are copied/)
  })

  it('is verified by directory: there, on its way, elsewhere', async () => {
    cluster.lying.set('1@3', { logDir: '/b', future: null, looksLeft: 0 })
    const third = { ...toBroker, replicas: [2, 3] }
    const path = file(onDisks, third)
    const { status, items, said } = await run('reassign verify', [path])
    expect(items.map(({ partition, broker, state, logDir }) => [partition, broker, state, logDir])).toEqual([
      [0, null, 'done', null],
      [0, 1, 'underway', '/a'],
      [1, null, 'done', null],
      [1, 2, 'differs', '/a'],
      [1, 3, 'done', '/b'],
    ])
    expect([status, said]).toEqual([3, expect.stringMatching(/1 under way, 1 elsewhere/)])
    expect((await run('reassign verify', [])).items).toMatchObject([{ broker: 1, state: 'underway' }])
  })

  it('is cancelled, and its run hears of it and begins no other', async () => {
    cluster.lying.set('0@1', { logDir: '/a', future: null, looksLeft: 0 })
    const running = run('reassign apply', [file(onDisks, toBroker), '--batch', '1', '--yes'])
    await expect.poll(() => cluster.placed.length).toBe(1)
    const cancelled = await run('reassign cancel', ['--all', '--yes'])
    expect(cancelled.items).toMatchObject([
      { before: { logDirs: ['/b', 'any'] }, after: { logDirs: ['/a', 'any'] }, status: 'done' },
    ])
    const { status, items, said } = await running
    expect([status, stateOf({ items })]).toEqual([1, ['failed', 'failed']])
    expect(said).toMatch(/orders:0 on broker 1 lies in \/a, and is not on its way to \/b/)
    expect(said).toMatch(/orders:1: not begun/)
    expect(lying()).toBe('0@1/a 0@2/a 1@2/a 1@3/a')
  }, 20_000)

  it('is cancelled by a plan that was kept, unless it was done meanwhile', async () => {
    const plan = join(folder, 'cancel.json')
    await run('reassign cancel', ['orders:0', '--plan-out', plan])
    expect([(await run('apply', [plan, '--yes'])).status, lying()]).toEqual([0, '0@1/a 0@2/a 1@2/a 1@3/a'])
    expect(stateOf(await run('apply', [plan, '--yes']))).toEqual(['unchanged'])
    cluster.lying.set('0@1', { logDir: '/b', future: null, looksLeft: 0 })
    const late = await run('apply', [plan, '--yes'])
    expect([late.status, late.said]).toEqual([1, expect.stringContaining('stale-plan')])
  })

  it('is turned round by the plan that undoes it', async () => {
    cluster.lying.set('0@1', { logDir: '/a', future: null, looksLeft: 0 })
    const stop = new Stop()
    const running = run('reassign apply', [file(onDisks), '--yes'], stop)
    await expect.poll(() => cluster.placed.length).toBe(1)
    stop.request(130)
    await running
    const { status } = await run('reassign rollback', ['--yes'])
    expect([status, lying()]).toEqual([0, '0@1/a 0@2/a 1@2/a 1@3/a'])
  })
})

interface Throttle {
  readonly type: string
  readonly resource: string
  readonly name: string
  readonly ours: string
}

/** Of what was kept, as if its run had been killed before the end. */
function throttlesOfKilled(): Throttle[] {
  const kept = join(folder, 'ktool', 'rollback')
  return readdirSync(kept).flatMap((name) => {
    const plan = JSON.parse(readFileSync(join(kept, name), 'utf8'))
    delete plan.settings.ended
    writeFileSync(join(kept, name), JSON.stringify(plan))
    return plan.settings.throttles
  })
}
