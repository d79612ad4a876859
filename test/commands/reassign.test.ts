import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Stop } from '../../src/lib/cli/stop.ts'
import { alterPartitionReassignments } from '../../src/lib/protocol/apis/alter-partition-reassignments.ts'
import { describeConfigs } from '../../src/lib/protocol/apis/describe-configs.ts'
import { electLeaders } from '../../src/lib/protocol/apis/elect-leaders.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { type MovingCluster, movingCluster } from '../support/moving-cluster.ts'
import { jsonLive, runLive } from '../support/run-live.ts'
import { answers, scriptedPeer } from '../support/scripted-peer.ts'

let folder: string
let cluster: MovingCluster
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-reassign-'))
  cluster = await movingCluster([
    [1, 2],
    [2, 3],
    [3, 1],
  ])
})
afterEach(async () => {
  await cluster[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const moves = [
  { topic: 'orders', partition: 0, replicas: [4, 2] },
  { topic: 'orders', partition: 1, replicas: [2, 4] },
]

function file(partitions: readonly object[] = moves): string {
  const path = join(folder, 'moves.json')
  writeFileSync(path, JSON.stringify({ version: 1, partitions }))
  return path
}

const move = { item: 'orders:0', action: 'move', before: [1, 2], after: [4, 2] }

function planFile(steps: readonly object[], kind = 'reassign'): string {
  const path = join(folder, 'plan.json')
  const facts = { version: 1, kind, clusterId: 'scripted', madeAtMs: 0, settings: {}, warnings: [] }
  writeFileSync(path, JSON.stringify({ ...facts, steps }))
  return path
}

function run(name: string, argv: readonly string[], stop = new Stop()) {
  return jsonLive(name, cluster.peer.bootstrap, argv, { environment: { XDG_STATE_HOME: folder }, stop })
}

function replicas(): string {
  return cluster.partitions.map((each) => each.replicas.join()).join(' ')
}

function kept(): string[] {
  return readdirSync(join(folder, 'ktool', 'rollback')).map((name) => join(folder, 'ktool', 'rollback', name))
}

/** The throttle of a run, as if it had been killed before the end. */
function setAgain(path = ''): void {
  const plan = JSON.parse(readFileSync(path, 'utf8'))
  delete plan.settings.ended
  writeFileSync(path, JSON.stringify(plan))
  for (const { type, resource, name, ours } of plan.settings.throttles) {
    cluster.configs.set(`${type === 'brokers' ? 4 : 2} ${resource} ${name}`, ours)
  }
}

describe('ktool reassign plan', () => {
  it('prints what Kafka’s tool takes, and changes nothing', async () => {
    const { status, stdout } = await runLive('reassign plan', cluster.peer.bootstrap, [
      '--drain',
      '3',
      '--kafka-json',
    ])
    const { partitions } = JSON.parse(stdout)
    expect([status, partitions.map(({ partition }: { partition: number }) => partition)]).toEqual([0, [1, 2]])
    expect(changes()).toEqual([])
  })

  it('writes a plan that is applied as it is, and refused once somebody has moved one of its partitions', async () => {
    const path = join(folder, 'drain.json')
    const { status, items, stderr } = await run('reassign plan', ['--drain', '3', '--plan-out', path])
    expect([status, items.length, changes()]).toEqual([0, 2, []])
    expect(stderr).toContain(`to do this: ktool reassign apply ${path}\n`)
    cluster.partitions[1]?.replicas.reverse()
    const stale = await run('reassign apply', [path, '--yes'])
    expect([stale.status, stale.said, changes()]).toEqual([1, expect.stringContaining('stale-plan'), []])
    cluster.partitions[1]?.replicas.reverse()
    const applied = await run('reassign apply', [path, '--throttle', '50MB', '--yes'])
    expect([applied.status, replicas()]).toEqual([0, expect.not.stringContaining('3')])
  })

  it('puts a topic on the brokers that it names alone', async () => {
    const { status, items } = await run('reassign plan', ['orders', '--to', '1,2'])
    expect(status).toBe(0)
    expect(items.map(({ partition, adding, removing }) => [partition, adding, removing])).toEqual([
      [1, [1], [3]],
      [2, [2], [3]],
    ])
    expect(changes()).toEqual([])
  })

  it.each([
    [[], 2, 'say what for'],
    [['--to', '1,9'], 1, 'no live broker is 9'],
    [['--add', '9'], 1, 'no live broker is 9'],
    [['--drain', 'x'], 2, 'lists no brokers'],
    [['--replication-factor', '5'], 1, '5 replicas need 5 brokers'],
  ])('with %j ends with %i', async (argv, status, reason) => {
    const ran = await run('reassign plan', argv)
    expect([ran.status, ran.said]).toEqual([status, expect.stringContaining(reason)])
  })
})

describe('ktool reassign apply', () => {
  it('moves, waits, and leaves no throttle', async () => {
    const { status, items } = await run('reassign apply', [file(), '--throttle', '50MB', '--yes'])
    expect([status, items.map((item) => item.status), replicas()]).toEqual([
      0,
      ['done', 'done'],
      '4,2 2,4 3,1',
    ])
    expect([...cluster.configs.keys()]).toEqual([])
    expect(changes().slice(0, 2)).toEqual(['IncrementalAlterConfigs', 'IncrementalAlterConfigs'])
    const [first] = cluster.peer.of(incrementalAlterConfigs)
    expect(first?.question).toMatchObject({ resources: [{ resourceType: 4 }] })
  })

  it('sends nothing that changes anything on a dry run', async () => {
    const { status, items } = await run('reassign apply', [file(), '--throttle', '50MB', '--dry-run'])
    expect([status, items.map((item) => item.status), changes()]).toEqual([0, ['planned', 'planned'], []])
  })

  it('goes batch by batch', async () => {
    await run('reassign apply', [file(), '--batch', '1', '--yes'])
    const sent = cluster.peer.of(alterPartitionReassignments).map(({ question }) => question)
    expect(sent).toMatchObject([
      { topics: [{ partitions: [{ partitionIndex: 0, replicas: [4, 2] }] }] },
      { topics: [{ partitions: [{ partitionIndex: 1, replicas: [2, 4] }] }] },
    ])
  })

  it('is undone by what it has kept, and does nothing twice', async () => {
    await run('reassign apply', [file(), '--yes'])
    const again = await run('reassign apply', [file(), '--yes'])
    expect(again.items.map((item) => item.status)).toEqual(['unchanged', 'unchanged'])
    const { status } = await run('reassign rollback', ['--yes'])
    expect([status, replicas()]).toEqual([0, '1,2 2,3 3,1'])
  })

  it('is rolled back once: the next rollback does nothing, and what the first has kept brings the moves again', async () => {
    await run('reassign apply', [file(), '--yes'])
    const [first] = kept()
    await run('reassign rollback', ['--yes'])
    const redo = kept().find((path) => path !== first) ?? ''
    const again = await run('reassign rollback', ['--yes'])
    expect([again.items.map((item) => item.status), replicas()]).toEqual([
      ['unchanged', 'unchanged'],
      '1,2 2,3 3,1',
    ])
    await run('reassign apply', [redo, '--yes'])
    expect(replicas()).toEqual('4,2 2,4 3,1')
    await run('reassign rollback', ['--yes'])
    expect(replicas()).toEqual('1,2 2,3 3,1')
  })

  it('cancels what is on its way and takes its throttle away when it is stopped', async () => {
    cluster.looks = Number.POSITIVE_INFINITY
    cluster.configs.set('2 orders leader.replication.throttled.replicas', '2:3')
    const stop = new Stop()
    const running = run('reassign apply', [file(), '--throttle', '50MB', '--batch', '1', '--yes'], stop)
    await expect.poll(() => cluster.peer.of(alterPartitionReassignments).length).toBe(1)
    expect(cluster.configs.size).toBeGreaterThan(6)
    stop.request(130)
    const { status, items } = await running
    expect([status, items.map((item) => item.status)]).toEqual([130, ['interrupted', 'interrupted']])
    expect(cluster.peer.of(alterPartitionReassignments).at(-1)?.question).toMatchObject({
      topics: [{ partitions: [{ partitionIndex: 0, replicas: null }] }],
    })
    expect([...cluster.configs]).toEqual([['2 orders leader.replication.throttled.replicas', '2:3']])
  })

  it('fails soon where somebody else cancels its moves, begins no other, and leaves no throttle', async () => {
    cluster.looks = Number.POSITIVE_INFINITY
    const running = run('reassign apply', [file(), '--throttle', '50MB', '--batch', '1', '--yes'])
    await expect.poll(() => cluster.peer.of(alterPartitionReassignments).length).toBe(1)
    expect((await run('reassign cancel', ['orders:0', '--yes'])).status).toBe(0)
    const { status, items, said } = await running
    expect([status, items.map((item) => item.status)]).toEqual([1, ['failed', 'failed']])
    expect(said).toMatch(/orders:0: somebody has cancelled its move/)
    expect(said).toMatch(/orders:1: not begun, since somebody has cancelled/)
    expect([replicas(), [...cluster.configs]]).toEqual(['2,1 2,3 3,1', []])
  })

  it('lets go on by itself what has no throttle, when it is stopped', async () => {
    cluster.looks = Number.POSITIVE_INFINITY
    const stop = new Stop()
    const running = run('reassign apply', [file(), '--yes'], stop)
    await expect.poll(() => cluster.peer.of(alterPartitionReassignments).length).toBe(1)
    stop.request(130)
    expect((await running).items.map((item) => item.status)).toEqual(['started', 'started'])
  })

  it('takes its throttle away where the controller fails', async () => {
    cluster.hangsUp = true
    const { status } = await run('reassign apply', [file(), '--throttle', '50MB', '--yes', '--timeout', '2s'])
    expect([status, [...cluster.configs.keys()]]).toEqual([5, []])
  })

  it('takes away what a killed run has left, also where it has no throttle itself', async () => {
    await run('reassign apply', [file(moves.slice(0, 1)), '--throttle', '50MB', '--yes'])
    setAgain(kept()[0])
    const { status } = await run('reassign apply', [file(), '--yes'])
    expect([status, replicas(), [...cluster.configs]]).toEqual([0, '4,2 2,4 3,1', []])
  })

  it('looks for nothing that a run may have left which has ended in order', async () => {
    const configsAsked = () => cluster.peer.of(describeConfigs).length
    await run('reassign apply', [file(moves.slice(0, 1)), '--throttle', '50MB', '--yes'])
    const asked = configsAsked()
    const { status } = await run('reassign apply', [file(moves.slice(1)), '--yes'])
    await run('reassign unthrottle', ['--yes'])
    expect([status, asked > 0, configsAsked()]).toEqual([0, true, asked])
    setAgain(kept()[0])
    await run('reassign unthrottle', ['--yes'])
    expect([configsAsked() > asked, [...cluster.configs]]).toEqual([true, []])
  })

  it('leaves what an earlier run has set as long as others are under way', async () => {
    await run('reassign apply', [file(moves.slice(0, 1)), '--throttle', '50MB', '--yes'])
    setAgain(kept()[0])
    const set = [...cluster.configs]
    const [, , other] = cluster.partitions
    if (other !== undefined) Object.assign(other, { replicas: [3, 1, 4], adding: [4], looksLeft: 99 })
    const ran = await run('reassign apply', [file(), '--additional', '--throttle', '50MB', '--yes'])
    expect([ran.status, [...cluster.configs]]).toEqual([0, set])
    expect(ran.stderr).toMatch(
      /others are under way: what was throttled before stays; later: ktool reassign unthrottle/,
    )
  })

  it('leaves the rates of brokers that others move under, who may have set the same', async () => {
    const [, , other] = cluster.partitions
    if (other !== undefined) Object.assign(other, { replicas: [3, 1, 4], adding: [4], looksLeft: 99 })
    const theirs = ['2 orders follower.replication.throttled.replicas', '2:4'] as const
    cluster.configs.set(...theirs)
    const ran = await run('reassign apply', [file(), '--additional', '--throttle', '50MB', '--yes'])
    expect([ran.status, ran.stderr]).toEqual([
      0,
      expect.stringContaining('the rate of broker 1, 3, 4: it stays'),
    ])
    const rates = ['1', '3', '4'].flatMap((id) =>
      ['leader', 'follower'].map((side) => `4 ${id} ${side}.replication.throttled.rate`),
    )
    expect([...cluster.configs.keys()].sort()).toEqual([theirs[0], ...rates].sort())
    if (other !== undefined) Object.assign(other, { adding: [], looksLeft: 0 })
    await run('reassign unthrottle', ['--yes'])
    expect([...cluster.configs]).toEqual([theirs])
  })

  it('fails by a throttle that could not be taken away, though every replica is where it is to be', async () => {
    cluster.keepsConfigs = true
    const { status, items, said } = await run('reassign apply', [file(), '--throttle', '50MB', '--yes'])
    expect([status, items.map((item) => item.status)]).toEqual([1, ['done', 'done']])
    expect(said).toMatch(/"code":"throttle-left","message":"[^"]*broker 1 could not be taken away: not now/)
    expect(said).toMatch(/ktool reassign unthrottle/)
  })

  it('names a broker that is dead, and throttles the others', async () => {
    cluster.dead.add(3)
    const path = file([{ topic: 'orders', partition: 2, replicas: [4, 1] }])
    const { status, stderr } = await run('reassign apply', [path, '--throttle', '50MB', '--yes'])
    expect([status, replicas()]).toEqual([0, '1,2 2,3 4,1'])
    expect(stderr).toMatch(/broker 3 is not throttled, and the others are: it is not there/)
  })

  it('refuses where others are under way, unless it is additional, and names a throttle that is left', async () => {
    cluster.looks = Number.POSITIVE_INFINITY
    const stop = new Stop()
    const running = run('reassign apply', [file(), '--yes'], stop)
    await expect.poll(() => cluster.peer.of(alterPartitionReassignments).length).toBe(1)
    const other = join(folder, 'other.json')
    writeFileSync(other, '{"version":1,"partitions":[{"topic":"orders","partition":2,"replicas":[1,3]}]}')
    expect((await run('reassign apply', [other, '--yes'])).stderr).toMatch(/under way: orders:0, orders:1/)
    expect((await run('reassign apply', [other, '--dry-run', '--additional'])).status).toBe(0)
    const verified = await run('reassign verify', [file()])
    expect([verified.status, verified.items.map((item) => item.state)]).toEqual([3, ['underway', 'underway']])
    const status = await run('reassign status', ['--sample', '0s'])
    expect(status.items).toMatchObject([
      { partition: 0, adding: [4], copiedBytes: 1000, totalBytes: 1000 },
      {},
    ])
    const cancelled = await run('reassign cancel', ['orders:1', '--yes'])
    expect(cancelled.items).toMatchObject([{ item: 'orders:1', status: 'done' }])
    stop.request(130)
    await running
  })

  it.each([
    [{ item: 'orders' }, '"orders" is no partition'],
    [{ item: 'orders:4294967296' }, '"orders:4294967296" is no partition'],
    [{ item: '__proto__' }, '"__proto__" is no partition'],
    [{ after: null }, 'null is no list of different brokers'],
    [{ after: [4294967300, 2] }, '[4294967300,2] is no list'],
    [{ after: [4, '2'] }, '[4,"2"] is no list'],
    [{ after: [4, 4] }, '[4,4] is no list'],
    [{ before: { target: 1 } }, '{"target":1} is no list'],
    [{ after: { replicas: [4, 2], logDirs: ['/a'] } }, 'has not one directory for each replica'],
    [{ after: { replicas: [4, 4], logDirs: ['/a', '/b'] } }, '[4,4] is no list'],
  ])('refuses a plan of its own with a step that has %j', async (wrong, reason) => {
    const ran = await run('reassign apply', [planFile([{ ...move, ...wrong }]), '--yes'])
    expect([ran.status, ran.said]).toEqual([1, expect.stringContaining(JSON.stringify(reason).slice(1, -1))])
    expect([ran.said.includes('malformed-plan'), changes()]).toEqual([true, []])
  })

  it('refuses a plan of its own that moves one partition twice', async () => {
    const ran = await run('reassign apply', [planFile([move, { ...move, after: [1, 4] }]), '--yes'])
    expect([ran.status, ran.said, changes()]).toEqual([1, expect.stringContaining('orders:0 twice'), []])
  })

  it('fails for what cannot be, and plans the rest', async () => {
    const path = file([
      ...moves,
      { topic: 'orders', partition: 7, replicas: [1] },
      { topic: 'orders', partition: 2, replicas: [9] },
    ])
    const { status, said, items } = await run('reassign apply', [path, '--dry-run'])
    expect([status, items.length]).toEqual([1, 2])
    expect(said).toMatch(/no partition 7[\s\S]*broker 9: no such broker lives/)
  })
})

describe('ktool reassign cancel', () => {
  it.each([[[]], [['orders', '--all']]])('has to be told which ones: %j', async (argv) => {
    const { status, said } = await run('reassign cancel', [...argv, '--yes'])
    expect([status, said]).toEqual([2, expect.stringContaining('name the partitions, or say --all')])
    expect(cluster.peer.asked).toEqual([])
  })

  it.each([
    ['was done meanwhile', [4, 2], 1, 'stale-plan'],
    ['has been cancelled already', [2, 1], 0, 'there is nothing to do'],
  ])('out of a plan, where the move %s', async (_what, now, status, reason) => {
    cluster.partitions[0]?.replicas.splice(0, 2, ...now)
    const step = { item: 'orders:0', action: 'cancel', before: [4, 2], after: [1, 2] }
    const ran = await run('apply', [planFile([step], 'reassign.cancel'), '--yes'])
    expect([ran.status, ran.said]).toEqual([status, expect.stringContaining(reason)])
  })
})

describe('ktool reassign unthrottle', () => {
  it('takes away what stands in what was kept, and nothing else', async () => {
    await run('reassign apply', [file(), '--throttle', '50MB', '--yes'])
    setAgain(kept()[0])
    cluster.configs.set('4 3 leader.replication.throttled.rate', '9')
    const { status } = await run('reassign unthrottle', ['--yes'])
    expect([status, [...cluster.configs]]).toEqual([0, [['4 3 leader.replication.throttled.rate', '9']]])
    const again = await run('reassign unthrottle', ['--yes'])
    expect([again.status, again.items]).toEqual([0, []])
  })
})

describe('ktool leaders elect', () => {
  it('elects preferred leaders, and says of those that lead already that nothing changed', async () => {
    for (const each of cluster.partitions.slice(0, 2)) each.leader = each.replicas[1] ?? -1
    const { status, items } = await run('leaders elect', ['--preferred', 'orders', '--yes'])
    expect([status, items.map((item) => item.status)]).toEqual([0, ['done', 'done', 'unchanged']])
    expect(cluster.peer.of(electLeaders)[0]).toMatchObject({
      question: { electionType: 0, topicPartitions: [{ topic: 'orders', partitions: [0, 1] }] },
    })
  })

  it('wants the name of what an unclean election may cost', async () => {
    for (const each of cluster.partitions.slice(0, 1)) each.leader = -1
    const refused = await run('leaders elect', ['--unclean', '--all', '--yes'])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--confirm orders:0')])
    const { items } = await run('leaders elect', ['--unclean', '--all', '--confirm', 'orders:0'])
    expect(items).toMatchObject([{ item: 'orders:0', before: null, after: 1, status: 'done' }])
  })

  it('tells who leads after an unclean election, whoever was to be expected', async () => {
    for (const each of cluster.partitions.slice(0, 1)) each.leader = -1
    cluster.elected = 2
    const { status, items } = await run('leaders elect', ['--unclean', 'orders:0', '--confirm', 'orders:0'])
    expect([status, items]).toMatchObject([0, [{ item: 'orders:0', before: null, after: 2, status: 'done' }]])
  })

  it('sends no type to a broker that knows preferred elections alone, and no unclean one at all', async () => {
    const partition = { errorCode: 0, partitionIndex: 0, leaderId: 2, replicaNodes: [1, 2], isrNodes: [1, 2] }
    let leaderId = 2
    await using old = await scriptedPeer([
      answers(metadata, () => ({
        brokers: [1, 2].map((nodeId) => ({ nodeId, host: '127.0.0.1', port: old.port, rack: null })),
        clusterId: 'old',
        controllerId: 1,
        topics: [{ name: 'orders', errorCode: 0, partitions: [{ ...partition, leaderId }] }],
      })),
      answers(
        electLeaders,
        () => {
          leaderId = 1
          const partitionResult = [{ partitionId: 0, errorCode: 0, errorMessage: null }]
          return { replicaElectionResults: [{ topic: 'orders', partitionResult }] }
        },
        { max: 0 },
      ),
    ])
    const environment = { XDG_STATE_HOME: folder }
    const unclean = ['--unclean', 'orders:0', '--confirm', 'orders:0', '-o', 'json']
    leaderId = -1
    const refused = await runLive('leaders elect', old.bootstrap, [...unclean, '--timeout', '2s'], {
      environment,
    })
    expect([refused.status, old.of(electLeaders).length]).toEqual([1, 0])
    leaderId = 2
    const ran = await runLive('leaders elect', old.bootstrap, ['--preferred', '--all', '--yes'], {
      environment,
    })
    expect([ran.status, old.of(electLeaders)[0]?.version]).toEqual([0, 0])
  })
})

/** Requests that change something, in their order. */
function changes(): string[] {
  return cluster.peer.asked.map(({ api }) => api).filter((api) => /Alter|Elect/.test(api))
}
