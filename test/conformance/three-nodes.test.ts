import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { seedOfRun } from '../random.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'
import { eventually } from './wire/coordinators.ts'

const seed = seedOfRun()
const properties = {
  'default.replication.factor': 3,
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 300,
}
const nodes: OwnKafka[] = []
let tools: KafkaTools
let lag: string
let topics: string
let answers: Record<string, { readonly uncommitted: readonly number[] }>

/** Of three nodes one dies, the others write on and are stopped well: then their directories have to answer. */
beforeAll(async () => {
  tools = new KafkaTools()
  const first = await startOwnKafka('three-nodes-1', { properties })
  nodes.push(first)
  const others = [2, 3].map((id) =>
    startOwnKafka(`three-nodes-${id}`, { properties: { ...properties, 'node.id': id }, controller: first }),
  )
  nodes.push(...(await Promise.all(others)))
  const [, second, third] = nodes
  try {
    await java('LogDirectoryWorkload', ['fill', String(first.port), String(seed)])
    await second?.kill()
    await eventually(async () => expect(await describedTopics()).not.toMatch(/Isr: \S*2/))
    await writeOn(first)
    lag = await groupCommand(['--describe', '--all-groups'])
    topics = await describedTopics()
    answers = JSON.parse(await java('LogDirectoryWorkload', ['ask', String(first.port), String(seed)]))
  } finally {
    await third?.stop()
    await first.stop()
  }
}, 240_000)

afterAll(async () => {
  await tools.stop()
  for (const node of nodes) await node.kill()
  for (const node of nodes) node.remove()
})

describe(`the log directories of three nodes, one of which died before the others, seed ${seed}`, () => {
  it('were left apart from each other by that', () => {
    const ends = [...topics.matchAll(/Replicas: (\S+)\tIsr: (\S+)/g)].map(([, replicas, isr]) => [
      replicas,
      isr,
    ])
    expect(ends.length).toBeGreaterThan(10)
    expect(ends.every(([replicas, isr]) => replicas?.length === 5 && isr?.length === 3)).toBe(true)
  })

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[0, 2]], [[2]]])(
    'have groups that lag as kafka-consumer-groups said before they were stopped: %j',
    async (which) => {
      const { items } = await json(['lag'], which)
      const ours = items.map(({ group, topic, partition, committed, end, lag: behind }) =>
        [group, topic, partition, committed ?? '-', end, behind ?? '-'].join(' '),
      )
      expect(ours.sort()).toEqual(lagLines(lag))
    },
  )

  it('tell of leaders, replicas and ISR what kafka-topics told', async () => {
    const { items } = await json(['topics', 'describe'], [0, 1, 2])
    const ours = items.map(
      ({ topic, partition, leader, replicas, isr }) => `${topic}-${partition} ${leader} ${replicas} ${isr}`,
    )
    const theirs = [
      ...topics.matchAll(/\tTopic: (\S+)\tPartition: (\d+)\tLeader: (\d)\tReplicas: (\S+)\tIsr: (\S+)/g),
    ]
    expect(ours.sort()).toEqual(theirs.map(([, topic, ...rest]) => `${topic}-${rest.join(' ')}`).sort())
  })

  it('give consumers what the leaders have, and say whose copies are behind', async () => {
    const { stderr, rows } = await consumed('orders', [1, 0, 2])
    for (const partition of [0, 1, 2]) {
      const offsets = rows.filter((row) => row.partition === partition).map(({ offset }) => offset)
      expect(offsets, String(partition)).toEqual(answers[`orders-${partition}`]?.uncommitted)
      expect(stderr).toMatch(new RegExp(`the copies of orders-${partition} differ: .* of node 2 ends at`))
    }
  })

  it('say of the node that died that its copies are not those of the leaders', async () => {
    const { items } = await json(['lag', 'by-hand', '--topic', 'orders'], [1])
    expect(items).toMatchObject([{ committed: 5 }])
    const { items: all } = await json(['lag', 'by-hand', '--topic', 'orders'], [0, 1, 2])
    expect(all).toMatchObject([
      { committed: 9, endInfo: { reason: expect.stringMatching(/of 3 copies that of the leader/) } },
    ])
  })
})

async function writeOn({ port }: OwnKafka): Promise<void> {
  await java('LogDirectoryWorkload', ['more', String(port), String(seed)])
  const reset = ['--reset-offsets', '--to-offset', '9', '--topic', 'orders:1', '--execute']
  await groupCommand(['--group', 'by-hand', ...reset])
}

function groupCommand(args: string[]): Promise<string> {
  const address = `127.0.0.1:${nodes[0]?.port}`
  return tools.tell('consumer-groups', ['--bootstrap-server', address, ...args])
}

function describedTopics(): Promise<string> {
  const args = ['--bootstrap-server', `127.0.0.1:${nodes[0]?.port}`, '--describe']
  return tools.tell('topics', args)
}

function placesOf(which: readonly number[]): string[] {
  return which.flatMap((i) => ['--log-dir', nodes[i]?.logDir ?? ''])
}

async function json(args: string[], which: readonly number[]) {
  const { status, stdout, stderr } = await ktool([...args, ...placesOf(which), '-o', 'json'])
  expect(status).toBe(0)
  return { stderr, items: JSON.parse(stdout.toString()).items as Record<string, unknown>[] }
}

async function consumed(topic: string, which: readonly number[]) {
  const { stdout, stderr } = await ktool(['consume', topic, ...placesOf(which), '-o', 'jsonl'])
  return { stderr, rows: linesOf(stdout.toString()).map((line) => JSON.parse(line)) }
}

/** GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG, of each partition that a group has committed. */
function lagLines(text: string): string[] {
  const rows = linesOf(text).filter((line) => !line.startsWith('GROUP '))
  return rows.map((row) => row.trim().split(/\s+/).slice(0, 6).join(' ')).sort()
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
